import * as tus from 'tus-js-client';

/**
 * The requests of tus, except that an aborted one is over. Theirs may be aborted between the setting of its headers and
 * its sending, such as by a pause that answers the progress told there: in a browser it is then sent without its headers,
 * in Node as if nothing had been. And in Node one that is aborted on its way fails later, when the next may have begun.
 */
export function storageRequests(): tus.HttpStack {
  const stack = new tus.DefaultHttpStack({});
  return {
    getName: () => stack.getName(),
    createRequest: (method, url) => endedByAbort(stack.createRequest(method, url)),
  };
}

function endedByAbort(request: tus.HttpRequest): tus.HttpRequest {
  const [abort, send] = [request.abort.bind(request), request.send.bind(request)];
  let aborted = false;
  return Object.assign(request, {
    abort() {
      aborted = true;
      return abort();
    },
    send: (body: unknown) =>
      new Promise<tus.HttpResponse>((resolve, reject) => {
        if (aborted) return;
        send(body).then(
          (response) => aborted || resolve(response),
          (cause: unknown) => aborted || reject(cause),
        );
      }),
  });
}
