package dev.tidemark.store.postgres.chaos;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the evidence says: how much happened, and what of it should not have.
 *
 * @param changes how many there were
 * @param delivered how many of them the staying watch with the fewest delivered
 * @param seen what happened beside that
 */
record Verdict(
        Findings findings,
        Map<Call.Outcome, Integer> outcomes,
        Map<Call.Op, Integer> done,
        int changes,
        int delivered,
        Map<Seen, Integer> seen) {

    /** What a scene is about. */
    enum Seen {
        /** Watches that came and went, and replayed all there was. */
        REPLAYS,
        /** Those of them that lost a snapshot, and went on with a newer one. */
        MENDED_REPLAYS,
        /** Watches that came and went without a replay, and delivered something. */
        RESUMES,
        /** Watches that ended because history was gone. */
        REFUSALS,
        /** Transactions that deleted history. */
        COMPACTIONS
    }

    static Verdict of(Evidence evidence) {
        Findings findings = new Findings();
        Chains chains = new Chains(evidence.rows(), findings);
        WriteCheck.run(evidence, chains, findings);
        TableCheck.run(evidence, chains, findings);
        OrderCheck.run(evidence, chains, findings);
        CompactionCheck.run(evidence, findings);
        int least = evidence.rows().size();
        for (Stream stream : evidence.streams()) {
            StreamCheck.run(evidence, stream, findings);
            least = stream.isOpen() ? Math.min(least, stream.changes().size()) : least;
        }
        Map<Seen, Integer> seen = seen(evidence.streams());
        long compactions =
                evidence.gone().stream().mapToLong(Gone::compaction).distinct().count();
        seen.put(Seen.COMPACTIONS, (int) compactions);
        Map<Call.Outcome, Integer> outcomes = new EnumMap<>(Call.Outcome.class);
        evidence.calls().forEach(call -> outcomes.merge(call.outcome(), 1, Integer::sum));
        return new Verdict(
                findings, outcomes, done(evidence.calls()), evidence.rows().size(), least, seen);
    }

    static Map<Seen, Integer> seen(List<Stream> streams) {
        Map<Seen, Integer> seen = new EnumMap<>(Seen.class);
        for (Stream stream : streams) {
            if (!stream.refusals().isEmpty()) {
                seen.merge(Seen.REFUSALS, 1, Integer::sum);
            }
            if (!stream.isOpen() && stream.start() >= 0) {
                boolean mended = stream.parts() > 1;
                seen.merge(Seen.REPLAYS, stream.replay() ? 1 : 0, Integer::sum);
                seen.merge(Seen.MENDED_REPLAYS, mended ? 1 : 0, Integer::sum);
                boolean resumed = !stream.replay() && !stream.changes().isEmpty();
                seen.merge(Seen.RESUMES, resumed ? 1 : 0, Integer::sum);
            }
        }
        return seen;
    }

    static Map<Call.Op, Integer> done(List<Call> calls) {
        Map<Call.Op, Integer> done = new EnumMap<>(Call.Op.class);
        calls.stream().filter(Call::isDone).forEach(call -> done.merge(call.op(), 1, Integer::sum));
        return done;
    }

    int count(Call.Outcome outcome) {
        return outcomes.getOrDefault(outcome, 0);
    }

    @Override
    public String toString() {
        return "outcomes " + outcomes + ", done " + done + ", changes " + changes + ", least delivered " + delivered
                + ", seen " + seen;
    }
}
