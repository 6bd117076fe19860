/** A request that must be refused before anything of it runs, over every transport. */
export interface Attack {
  /** What it does, as the end of a sentence. */
  readonly name: string;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The only code of the answer. */
  readonly code: 'QUERY_TOO_COMPLEX' | 'BAD_USER_INPUT' | 'GRAPHQL_PARSE_FAILED' | 'GRAPHQL_VALIDATION_FAILED';
}

const times = (count: number, part: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ');
const nested = (levels: number, inner: string): string =>
  levels === 0 ? inner : `runs(first: 1) { nodes { upload { ${nested(levels - 1, inner)} } } }`;
const onUpload = (selection: string): string => `{ node(id: "x") { ... on Upload { ${selection} } } }`;
const chained = (count: number, spread: (next: number) => string): string =>
  times(count, (at) => `fragment F${at} on Upload { activeRun { upload { ${spread(at + 1)} } } }`) +
  ` fragment F${count} on Upload { id }`;

/**
 * By the families of the tests of graphql-armor, the checks of graphql-cop and what was measured here: each of the
 * documents below is short, and each would cost much more than it weighs.
 */
export const attacks: readonly Attack[] = [
  // Depth
  { name: 'nests deeper than accepted', query: onUpload(nested(4, 'id')), code: 'QUERY_TOO_COMPLEX' },
  {
    name: 'nests deeper than accepted through inline fragments',
    query: onUpload(`... on Upload { ${nested(2, `... { ${nested(2, 'id')} }`)} }`),
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'nests deeper than accepted through fragments',
    query: `{ node(id: "x") { ...F0 } } ${chained(8, (next) => `...F${next}`)}`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'nests deeper than accepted through a fragment that a shallow field uses, too',
    query: `{ shallow: node(id: "x") { ...Deep } deep: ${onUpload(nested(1, '...Deep')).slice(1, -1)} } fragment Deep on Upload { ${nested(3, 'id')} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'hides its depth in a fragment named __schema',
    query: `{ node(id: "x") { ...__schema } } fragment __schema on Upload { ${nested(4, 'id')} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'hides its depth in the second operation',
    query: `query A { __typename } query B ${onUpload(nested(4, 'id'))}`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for the schema in a circle',
    query: '{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'asks for types of types of types without end',
    query: `{ __type(name: "Run") { ${'ofType { '.repeat(25)} name ${'} '.repeat(25)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for the schema many times over',
    query: `{ ${times(6, (at) => `s${at}: __schema { types { name } }`)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  // Fragments
  {
    name: 'has a fragment inside itself',
    query: '{ node(id: "x") { ...Loop } } fragment Loop on Upload { activeRun { upload { ...Loop } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'has two fragments inside each other',
    query:
      '{ node(id: "x") { ...Ping } } fragment Ping on Upload { activeRun { ...Pong } } fragment Pong on Run { upload { ...Ping } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'spreads each fragment twice into the one before',
    query: `{ node(id: "x") { ...F0 } } ${chained(30, (next) => `...F${next} ...F${next}`)}`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'spreads hundreds of fragments',
    query: `{ viewer { user { ${times(100, (at) => `...F${at}`)} } } } ${times(100, (at) => `fragment F${at} on User { id }`)}`,
    code: 'QUERY_TOO_COMPLEX',
  },
  // Aliases and repetition
  {
    name: 'gives one field many names',
    query: `{ ${times(31, (at) => `a${at}: __typename`)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'searches many times over',
    query: `{ node(id: "x") { ... on Workspace { ${times(11, (at) => `a${at}: transcriptMatches(query: "the", first: 1) { nodes { rank } }`)} } } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'searches each transcript of a page',
    query:
      '{ node(id: "x") { ... on Workspace { uploads(first: 20) { nodes { transcript { matches(query: "the", first: 1) { nodes { rank } } } } } } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'gives one field many names below the root',
    query: `{ viewer { user { ${times(31, (at) => `a${at}: displayName`)} } } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'gives one field many names through a fragment that is spread again and again',
    query: `{ viewer { user { ${times(4, (at) => `...Eight ... { n${at}: id }`)} } } } fragment Eight on User { ${times(8, (at) => `a${at}: id`)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'repeats one field until comparing it with itself takes seconds',
    query: `{ viewer { user { ${'id '.repeat(1_900)} } } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'repeats one object',
    query: `{ viewer { ${'user { id } '.repeat(400)} } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  { name: 'has too many fields at the root', query: `{ ${'__typename '.repeat(21)} }`, code: 'QUERY_TOO_COMPLEX' },
  {
    name: 'has too many fields at the root through a fragment',
    query: `{ ...R ...S } fragment R on Query { ${'__typename '.repeat(11)} } fragment S on Query { ${'__typename '.repeat(11)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'changes too much at once',
    query: `mutation { ${times(21, (at) => `m${at}: cancelRun(input: { runId: "x" }) { errors { code } }`)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'guesses by brute force with aliases',
    query: `{ ${times(100, (at) => `g${at}: node(id: "${at}") { id }`)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  // Directives
  {
    name: 'heaps up directives',
    query: `{ __typename ${'@include(if: true) '.repeat(21)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'heaps up directives that do not exist',
    query: `{ __typename ${'@aa '.repeat(200)} }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'heaps up directives on a fragment',
    query: `{ ... ${'@include(if: true) '.repeat(21)} { __typename } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  // Size
  { name: 'has too many tokens', query: `{ ${'__typename '.repeat(2_001)} }`, code: 'QUERY_TOO_COMPLEX' },
  {
    name: 'has too many tokens in one argument',
    query: `{ nodes(ids: [${'"x" '.repeat(2_001)}]) { id } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'holds too many operations',
    query: times(11, (at) => `query Q${at} { __typename }`),
    code: 'QUERY_TOO_COMPLEX',
  },
  // Cost
  {
    name: 'asks for pages of pages of pages',
    query:
      '{ workspaces(first: 100) { nodes { uploads(first: 100) { nodes { id clips(first: 100) { nodes { id } } } } } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for pages of pages by their last ones',
    query: '{ workspaces(last: 100) { edges { node { uploads(last: 100) { edges { node { id } } } } } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for pages of pages in variables',
    query:
      'query ($n: Int!) { workspaces(first: $n) { nodes { uploads(first: $n) { nodes { id transcript { id } } } } } }',
    variables: { n: 100 },
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for pages of pages in defaults of variables',
    query:
      'query ($n: Int = 100) { workspaces(first: $n) { nodes { uploads(first: $n) { nodes { id transcript { id } } } } } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for much of many objects by ids in the default of a variable',
    query: `query ($ids: [ID!]! = [${'"x" '.repeat(100)}]) { nodes(ids: $ids) { ...U } } fragment U on Workspace { uploads(first: 60) { nodes { id } } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for much of many objects by ids in a variable',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Workspace { uploads(first: 60) { nodes { id } } } } }',
    variables: { ids: Array.from({ length: 100 }, () => 'x') },
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for much of many objects by ids that are variables themselves',
    query: `query ($id: ID! = "x") { nodes(ids: [${'$id '.repeat(100)}]) { ... on Workspace { uploads(first: 60) { nodes { id } } } } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'hides a page of pages in a fragment that is spread again',
    query:
      '{ workspaces(first: 30) { nodes { ...U more: uploads(first: 60) { nodes { ...T } } } } } fragment U on Workspace { uploads(first: 60) { nodes { ...T } } } fragment T on Upload { id transcript { id } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'asks for the words of ten minutes under many names',
    query: `{ node(id: "x") { ... on Transcript { ${times(3, (at) => `w${at}: words(range: { startMs: 0, endMs: 600000 }) { text }`)} } } }`,
    code: 'QUERY_TOO_COMPLEX',
  },
  {
    name: 'foresees two runs at once',
    query:
      '{ a: planRun(uploadId: "x", recipe: { transcript: true }) { estimatedSeconds } b: planRun(uploadId: "y", recipe: { transcript: true }) { estimatedSeconds } }',
    code: 'QUERY_TOO_COMPLEX',
  },
  // Pages
  ...[-1, 101, 1_000_000].flatMap((length): Attack[] => [
    {
      name: `asks for a page of ${length}`,
      query: `{ workspaces(first: ${length}) { nodes { id } } }`,
      code: 'BAD_USER_INPUT',
    },
    {
      name: `asks for a page of ${length} from the end`,
      query: `{ workspaces(last: ${length}) { nodes { id } } }`,
      code: 'BAD_USER_INPUT',
    },
    {
      name: `asks for a page of ${length} in a variable`,
      query: 'query ($n: Int) { viewer { workspaces(first: $n) { nodes { role } } } }',
      variables: { n: length },
      code: 'BAD_USER_INPUT',
    },
  ]),
  {
    name: 'asks for a page of 101 in the default of a variable',
    query: 'query ($n: Int = 101) { workspaces(first: $n) { nodes { id } } }',
    code: 'BAD_USER_INPUT',
  },
  // Variables
  {
    name: 'nests its variables',
    query: 'query ($id: ID) { node(id: $id) { id } }',
    variables: { id: 'x', more: JSON.parse(`${'['.repeat(40)}1${']'.repeat(40)}`) },
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'sends a list of 21,000 values',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: 21_000 }, () => 1) },
    code: 'BAD_USER_INPUT',
  },
  // Form
  { name: 'cannot be read', query: '{ viewer {', code: 'GRAPHQL_PARSE_FAILED' },
  { name: 'asks for what does not exist', query: '{ nothing }', code: 'GRAPHQL_VALIDATION_FAILED' },
  {
    name: 'defines a type',
    query: 'type Query { hello: String } { __typename }',
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
];

/** Requests whose documents may run, but whose variables are wrong more often than is worth telling. */
export const wrongVariables: readonly Attack[] = [
  {
    name: 'sends a hundred wrong values in a list',
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array.from({ length: 100 }, () => true) },
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'leaves out fifty variables',
    query: `query (${times(50, (at) => `$v${at}: ID!`)}) { nodes(ids: [${times(50, (at) => `$v${at}`)}]) { id } }`,
    code: 'BAD_USER_INPUT',
  },
];

/** The same for what is followed. */
export const wrongSubscription: Attack = {
  name: 'leaves out twenty variables of a subscription',
  query: `subscription (${times(20, (at) => `$v${at}: Boolean!`)}) { runEvents(runId: "x") { ${times(20, (at) => `s${at}: sequence @include(if: $v${at})`)} } }`,
  code: 'BAD_USER_INPUT',
};
