import { freePort } from '../../dev/free-port';
import { isFree } from '../../dev/is-free';

/** Temporal's web UI has the port of Temporal and this. */
const UI_OFFSET = 1000;

/** Where `dev` listens: the ports that people know where they are free, others where they are not. */
export interface DevPorts {
  /** undefined: any */
  temporal: number | undefined;
  nango: number;
  public: number;
  inbox: number;
}

/** Looks which of the usual ports are free. */
export async function devPorts(): Promise<DevPorts> {
  const usual = async (port: number) => ((await isFree(port)) ? port : await freePort());
  const temporal = 7233;
  const both = (await isFree(temporal)) && (await isFree(temporal + UI_OFFSET));
  return {
    temporal: both ? temporal : undefined,
    nango: await usual(3003),
    public: await usual(8787),
    inbox: await usual(8788),
  };
}
