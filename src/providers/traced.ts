import { correlation } from '#base/log.ts';

/** Headers of a call to a service, by which its log and ours are found for one another: the id of the request or stage. */
export function traced(header: 'x-client-request-id' | 'x-request-id'): Record<string, string> {
  const id = correlation()?.correlationId;
  return id === undefined ? {} : { [header]: id };
}
