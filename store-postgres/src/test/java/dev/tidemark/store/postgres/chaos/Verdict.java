package dev.tidemark.store.postgres.chaos;

import java.util.EnumMap;
import java.util.List;
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
        evidence.calls().forEach(call -> outcomes.merge(call.outcome(), 1, Integer::sum));
        return new Verdict(
                findings, outcomes, done(evidence.calls()), evidence.rows().size(), least);
    }

    static Map<Call.Op, Integer> done(List<Call> calls) {
        Map<Call.Op, Integer> done = new EnumMap<>(Call.Op.class);
        calls.stream().filter(Call::isDone).forEach(call -> done.merge(call.op(), 1, Integer::sum));
        return done;
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
