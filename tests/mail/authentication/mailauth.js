// Judges mails and policies with mailauth, which follows RFC 9989. Standard input: a JSON list of
// questions; standard output: the list of answers. The DNS is a table in each question.
'use strict';

const { dmarc } = require('mailauth/lib/dmarc');
const { dkimVerify } = require('mailauth/lib/dkim/verify');

const resolverOf = zone => async (name, type) => {
    const records = zone[name.toLowerCase()];
    if (records && records[type]) {
        return records[type].map(text => (type === 'TXT' ? [text] : text));
    }
    const exists = records || Object.keys(zone).some(other => other.endsWith(`.${name}`));
    throw Object.assign(new Error(name), { code: exists ? 'ENODATA' : 'ENOTFOUND' });
};

const answers = {
    async dmarc({ author, spf, dkim, zone }) {
        const found = await dmarc({
            headerFrom: [`x@${author}`],
            spfDomains: spf,
            dkimDomains: dkim.map(domain => ({ domain })),
            resolver: resolverOf(zone),
            strict: true
        });
        return {
            verdict: found.status.result,
            organizational_domain: found.domain,
            policy_domain: found.policyDomain,
            policy: found.policy,
            aligned_spf: Boolean(found.alignment?.spf.result),
            aligned_dkim: Boolean(found.alignment?.dkim.result)
        };
    },
    async dkim({ message, zone, at }) {
        const { results } = await dkimVerify(Buffer.from(message, 'base64'), {
            resolver: resolverOf(zone),
            curTime: at
        });
        return results.map(one => [one.signingDomain, one.status.result]);
    }
};

(async () => {
    let text = '';
    for await (const chunk of process.stdin) {
        text += chunk;
    }
    const said = [];
    for (const { kind, ...question } of JSON.parse(text)) {
        said.push(await answers[kind](question));
    }
    process.stdout.write(JSON.stringify(said));
})();
