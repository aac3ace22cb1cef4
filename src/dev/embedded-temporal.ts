/** A Temporal server to work with. */
export interface EmbeddedTemporal {
  /** `host:port` of its gRPC service. */
  readonly address: string;
  /** A namespace that exists. */
  readonly namespace: string;
  /** Where its web UI answers; absent if it was started without one, or is not ours. */
  readonly uiUrl?: string;
  /** Process id; absent if the server is not ours. */
  readonly pid?: number;
  /** Ends the server and waits until it has exited; a server that is not ours is left alone. May be called twice. */
  stop(): Promise<void>;
}
