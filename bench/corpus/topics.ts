export interface Topic {
  readonly title: string;
  readonly terms: readonly string[];
  readonly facts: readonly string[];
  readonly highlight: readonly string[];
}

/** What the talks are about. All sentences were written for this corpus; ASCII only. `highlight` is the passage worth a clip. */
export const topics: readonly Topic[] = [
  {
    title: 'Indexes',
    terms: ['index', 'leaf page', 'query planner', 'sequential scan', 'composite key', 'selectivity'],
    facts: [
      'An index is a sorted copy of a few columns with a pointer back to the row.',
      'The planner will ignore your index when it expects to read most of the table anyway.',
      'Every extra index makes each insert a little slower.',
      'Column order in a composite index decides which filters can use it.',
      'A partial index only stores the rows that match its condition.',
      'Covering indexes let the database answer without touching the heap.',
    ],
    highlight: [
      'Here is the surprising part about indexes.',
      'We removed eleven of them from a busy table and the whole system got faster.',
      'Writes dropped from forty milliseconds to nine, because each insert no longer had to update eleven trees.',
      'So the lesson is simple: an index you never read is a tax you always pay.',
    ],
  },
  {
    title: 'Queues',
    terms: ['job queue', 'worker', 'visibility timeout', 'dead letter queue', 'retry policy', 'backlog'],
    facts: [
      'A queue turns a slow request into a fast promise.',
      'Workers should be able to die at any moment without losing work.',
      'A job that runs twice must leave the same result as a job that runs once.',
      'Backlog age tells you more than backlog length.',
      'Retries need jitter, or every client comes back at the same second.',
      'Put the job and the data change in the same transaction.',
    ],
    highlight: [
      'Let me tell you the most expensive bug I ever wrote.',
      'A worker charged the card and then crashed before it marked the job as done.',
      'The queue did exactly what I asked and ran the job again, four hundred times.',
      'The key takeaway is that at least once delivery means your code must be safe to repeat.',
    ],
  },
  {
    title: 'Caching',
    terms: ['cache', 'eviction', 'stale entry', 'hit ratio', 'warm up', 'key prefix'],
    facts: [
      'A cache is a bet that the past predicts the future.',
      'A short expiry hides most invalidation bugs.',
      'Measure the hit ratio before you celebrate.',
      'A cold cache after a deploy can take the database down.',
      'Request coalescing keeps a thousand misses from becoming a thousand queries.',
      'Never cache an error for longer than a few seconds.',
    ],
    highlight: [
      'Why do we cache things that are already fast?',
      'In our case ninety percent of the cache never got a second read.',
      'We turned it off on a Friday, held our breath, and nothing happened.',
      'The best cache is often the one you delete.',
    ],
  },
  {
    title: 'Testing',
    terms: ['unit test', 'fixture', 'flaky test', 'property test', 'mock', 'coverage report'],
    facts: [
      'A test is a claim about behaviour, not about code.',
      'Flaky tests teach a team to ignore red builds.',
      'Property tests search for the input you forgot.',
      'A mock that lies is worse than no test at all.',
      'Slow suites are skipped exactly when they matter.',
      'Test the seams where two teams meet.',
    ],
    highlight: [
      'The biggest mistake I see is testing the mock instead of the system.',
      'One team had three thousand green tests and a login page that did not load.',
      'They replaced two hundred mocks with one real database in a container.',
      'In the first week it found nineteen bugs that every mock had hidden.',
    ],
  },
  {
    title: 'Latency',
    terms: ['tail latency', 'percentile', 'timeout', 'round trip', 'connection pool', 'slow client'],
    facts: [
      'Averages hide the users who are leaving.',
      'The slowest dependency decides the speed of the page.',
      'A timeout is a decision about how long you are willing to be wrong.',
      'Pools that are too large only move the queue to the database.',
      'Hedged requests trade a little load for a shorter tail.',
      'Every network hop adds both delay and variance.',
    ],
    highlight: [
      'Imagine a page that makes one hundred calls, and each is slow only one percent of the time.',
      'That means almost two out of three visitors see a slow page.',
      'This is why the ninety ninth percentile is not an edge case, it is your typical user.',
      'Remember this number: point ninety nine to the power of one hundred is thirty six percent.',
    ],
  },
  {
    title: 'Security',
    terms: ['session token', 'threat model', 'key rotation', 'audit log', 'input validation', 'least privilege'],
    facts: [
      'Assume that every log line will be read by an attacker.',
      'Short lived tokens limit the damage of a leak.',
      'Validation belongs at the edge and authorization belongs next to the data.',
      'Rotate keys on a calm day so that you can rotate them on a bad one.',
      'An audit log is only useful when nobody can edit it.',
      'Rate limits protect the login page from patience.',
    ],
    highlight: [
      'I will never forget the phone call that started with, are you sitting down?',
      'An intern had pushed a key to a public repository, and it took four minutes until someone used it.',
      'Four minutes is not an incident response time, it is a coffee break.',
      'What saved us was boring: the key could read one bucket and nothing else.',
    ],
  },
  {
    title: 'Teams',
    terms: ['on call rotation', 'code review', 'postmortem', 'handover', 'documentation', 'ownership'],
    facts: [
      'A good review asks questions before it gives orders.',
      'Ownership without authority is just blame with extra steps.',
      'Write the runbook while the incident still hurts.',
      'Small teams talk less because they need to.',
      'A decision record is a letter to the person who replaces you.',
      'Blameless does not mean careless.',
    ],
    highlight: [
      'The most important meeting we have lasts fifteen minutes.',
      'Everyone brings the one thing that surprised them this week, and nobody is allowed to fix it in the room.',
      'After half a year our incident count fell by half.',
      'It turns out that people fix things when they finally hear about them.',
    ],
  },
  {
    title: 'Streaming',
    terms: ['consumer group', 'partition', 'offset', 'watermark', 'late event', 'replay'],
    facts: [
      'A stream is a table that remembers how it got here.',
      'Order is only promised inside one partition.',
      'Late events are normal, so plan for them.',
      'Replay is the feature you will love at three in the morning.',
      'A slow consumer is a polite way to lose data.',
      'Schemas are contracts between people who never meet.',
    ],
    highlight: [
      'Here is the trick that changed how I think about data.',
      'Stop asking what the value is now, and start asking what happened.',
      'Once we stored events, a bug fix became a replay, and last quarter was repaired in an afternoon.',
      'History is the only backup that can explain itself.',
    ],
  },
  {
    title: 'Migrations',
    terms: ['schema change', 'backfill', 'feature flag', 'rollback', 'dual write', 'column default'],
    facts: [
      'A migration has to be safe while the old code is still running.',
      'Add first, move the readers, and remove last.',
      'Long locks are short outages.',
      'Backfills should be boring, slow and resumable.',
      'Rollback plans that were never tested are wishes.',
      'Flags let you separate a deploy from a release.',
    ],
    highlight: [
      'We once renamed a column and took down checkout for eleven minutes.',
      'The change was one line, it was reviewed by three people, and every one of us missed it.',
      'The secret is that there is no such thing as a rename, there is only add, copy and delete.',
      'Say it with me: add, copy, delete.',
    ],
  },
  {
    title: 'Observability',
    terms: ['trace', 'metric', 'structured log', 'dashboard', 'alert', 'cardinality'],
    facts: [
      'A dashboard answers the questions you already had.',
      'Traces show you the question you should have asked.',
      'Alert on symptoms that a user can feel.',
      'High cardinality fields are where the answers hide.',
      'A log line without a request identifier is a diary entry.',
      'Sampling is fine until you need the one you dropped.',
    ],
    highlight: [
      'How many alerts did your team ignore last night?',
      'We counted ours, and the answer was two hundred and six out of two hundred and nine.',
      'So we deleted all of them and added three back.',
      'The three that were left woke us up for real problems, and we finally slept.',
    ],
  },
  {
    title: 'Costs',
    terms: ['idle server', 'egress bill', 'reserved capacity', 'storage class', 'budget', 'unit price'],
    facts: [
      'The cheapest request is the one you never send.',
      'Idle servers are the most reliable line on the bill.',
      'Egress is where the surprise lives.',
      'Put the price of a feature next to its graph.',
      'Compression is a discount that nobody has to approve.',
      'Old data should live on slow disks.',
    ],
    highlight: [
      'One single line of configuration cost us thirty thousand dollars.',
      'It kept debug logs forever, in the most expensive storage class, in three regions.',
      'The fix took one minute and the apology took a week.',
      'If you remember only one thing today, go and look at your retention settings.',
    ],
  },
  {
    title: 'Writing',
    terms: ['design document', 'first draft', 'reader', 'summary', 'diagram', 'heading'],
    facts: [
      'A design document is cheaper than a prototype and lasts longer.',
      'Put the decision in the first paragraph.',
      'Readers skim, so make the headings tell the story.',
      'A diagram should survive without its author.',
      'Cut the sentence you are most proud of.',
      'Write for the person who is on call at night.',
    ],
    highlight: [
      'The best engineer I ever worked with wrote very little code.',
      'She wrote two pages before every project, and half of those projects were never needed.',
      'That is the hidden power of writing: it is the fastest way to find out that you are wrong.',
      'Start with one page this week.',
    ],
  },
];
