import { NangoPlugin } from 'temporal-nango';

export const limitedPlugin = () =>
  new NangoPlugin({ workflows: true, limits: { hubspot: { calls: 100, per: '10 seconds' } } });
