import {
  DOCUMENT_READS,
  isParameter,
  QUERY_READS,
  type DocumentRead,
  type QueryRead,
} from '../../../functions/src/contract/reads.js';

/** Renders the documents and the queries that apps read under rules. */
export function renderReadTables(): string {
  const documents = Object.entries<DocumentRead>(DOCUMENT_READS).map(
    ([name, { document, reader, description }]) => `| \`${name}\` | \`${document}\` | ${reader} | ${description} |`,
  );
  const queries = Object.entries<QueryRead>(QUERY_READS).map(
    ([name, read]) => `| \`${name}\` | ${queryText(read)} | ${read.reader} | ${read.description} |`,
  );
  return [
    '## Documents and queries',
    INTRODUCTION,
    ['| Document | Path | Reader | Description |', '| --- | --- | --- | --- |', ...documents].join('\n'),
    ['| Query | Definition | Reader | Description |', '| --- | --- | --- | --- |', ...queries].join('\n'),
  ].join('\n\n');
}

const INTRODUCTION = `What apps read directly, under security rules, with the names by which the client packages offer it
(\`get\`, in Dart \`getDocument\`, \`listen\`; \`find\`, \`count\`, \`listenAll\`). Names in braces are parameters; a page has at most 50 documents. \`staffKey\` is the
first 20 hexadecimal digits of the SHA-256 of the uid, \`accountId\` those of \`ledger:\` and the uid. A time is compared with a Timestamp
where the field holds one.`;

function queryText({ of, where, orderBy, limit }: QueryRead): string {
  const filters = where.map(([field, operator, value]) => {
    const operand = isParameter(value) ? `{${value.parameter}}` : JSON.stringify(value);
    return `${field} ${operator} ${operand}`;
  });
  const order = orderBy ? [`order by ${orderBy.join(' ')}`] : [];
  const collection = of.slice(0, of.lastIndexOf('/'));
  return [collection, ...filters, ...order, `limit ${limit}`].map((part) => `\`${part}\``).join(' · ');
}
