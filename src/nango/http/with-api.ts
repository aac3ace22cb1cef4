import { NangoApi } from './http';

/** Does something with Nango by a connection of its own, which is closed afterwards. @throws as `work` */
export async function withApi<T>(
  options: ConstructorParameters<typeof NangoApi>[0],
  work: (api: NangoApi) => Promise<T>,
): Promise<T> {
  const api = new NangoApi(options);
  try {
    return await work(api);
  } finally {
    await api.close();
  }
}
