import type { GraphQLResolveInfo } from 'graphql';
import type { Field } from './field.ts';
import type { Path, Request } from './request.ts';

/** What a resolver may ask about its field. Looked up when it asks: most ask nothing, and one is made for each call. */
class Info implements GraphQLResolveInfo {
  private readonly field: Field;
  private readonly request: Request;
  readonly path: Path;

  constructor(field: Field, request: Request, path: Path) {
    this.field = field;
    this.request = request;
    this.path = path;
  }

  get fieldName() {
    return this.field.definition.name;
  }
  get fieldNodes() {
    return this.field.nodes;
  }
  get returnType() {
    return this.field.definition.type;
  }
  get parentType() {
    return this.field.parent;
  }
  get schema() {
    return this.request.args.schema;
  }
  get fragments() {
    return this.request.args.fragmentDefinitions;
  }
  get rootValue() {
    return this.request.args.rootValue;
  }
  get operation() {
    return this.request.args.operation;
  }
  get variableValues() {
    return this.request.args.variableValues;
  }
  get getAbortSignal() {
    return () => this.request.args.externalAbortSignal;
  }
  get getAsyncHelpers() {
    return () => asyncHelpers;
  }
}

const asyncHelpers = {
  promiseAll: <T>(values: readonly (PromiseLike<T> | T)[]): Promise<T[]> => Promise.all(values),
  track: () => {},
};

/** What a resolver is told of the place it is called for. */
export const infoOf = (field: Field, request: Request, path: Path): GraphQLResolveInfo =>
  new Info(field, request, path);
