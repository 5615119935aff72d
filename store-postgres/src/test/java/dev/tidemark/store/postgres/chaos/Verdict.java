package dev.tidemark.store.postgres.chaos;

import java.util.EnumMap;
import java.util.Map;

/** What the evidence says: how much happened, and what of it should not have. */
record Verdict(
        Findings findings,
        Map<Call.Outcome, Integer> outcomes,
        Map<Call.Op, Integer> done,
        int changes,
        int delivered) {

    static Verdict of(Evidence evidence) {
        Findings findings = new Findings();
        Chains chains = new Chains(evidence.rows(), findings);
        WriteCheck.run(evidence, chains, findings);
        TableCheck.run(evidence, chains, findings);
        OrderCheck.run(evidence, chains, findings);
        int least = evidence.rows().size();
        for (Stream stream : evidence.streams()) {
            StreamCheck.run(evidence, stream, findings);
            least = Math.min(least, stream.changes().size());
        }
        Map<Call.Outcome, Integer> outcomes = new EnumMap<>(Call.Outcome.class);
        Map<Call.Op, Integer> done = new EnumMap<>(Call.Op.class);
        for (Call call : evidence.calls()) {
            outcomes.merge(call.outcome(), 1, Integer::sum);
            if (call.isDone()) {
                done.merge(call.op(), 1, Integer::sum);
            }
        }
        return new Verdict(findings, outcomes, done, evidence.rows().size(), least);
    }

    int count(Call.Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }

    /** How many changes there were, and how many of them the watch with the fewest delivered. */
    @Override
    public String toString() {
        return "outcomes " + outcomes + ", done " + done + ", changes " + changes + ", least delivered " + delivered;
    }
}
