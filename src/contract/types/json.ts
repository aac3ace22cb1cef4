/** What JSON can hold. A value that is sent has at most 256 KB as JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
