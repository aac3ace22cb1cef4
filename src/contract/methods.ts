/** HTTP methods that Nango's proxy takes, https://nango.dev/docs/reference/api/proxy/get */
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
