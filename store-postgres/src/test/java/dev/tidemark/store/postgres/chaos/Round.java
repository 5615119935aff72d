package dev.tidemark.store.postgres.chaos;

import dev.tidemark.store.postgres.chaos.Call.Op;
import dev.tidemark.store.postgres.chaos.Faults.Fault;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A cluster from its start to the verdict. */
final class Round {
    private static final Logger LOG = System.getLogger(Round.class.getName());
    private static final int LEAST_CALLS = 1_000;
    private static final int LEAST_CHANGES = 200;
    private static final int LEAST_OF_EACH = 5;

    private Round() {}

    /** Runs these faults, one after the other; fails when anything is wrong, and when too little happened. */
    static List<Verdict> run(Server server, Scene scene, Path directory, long seed, List<Fault> faults)
            throws Exception {
        Random random = new Random(seed);
        boolean wired = faults.stream().anyMatch(Fault::isWired);
        try (Cluster cluster = Cluster.start(server, wired, scene, directory, random)) {
            Faults happened = new Faults(cluster, random);
            for (Fault fault : faults) {
                happened.inject(fault);
            }
            cluster.awaitWork(LEAST_CALLS, LEAST_OF_EACH);
            cluster.awaitScene();
            List<Verdict> verdicts = new ArrayList<>();
            for (Evidence evidence : cluster.finish()) {
                verdicts.add(Verdict.of(evidence));
            }
            LOG.log(Level.INFO, scene + ", seed " + seed + ", " + happened.counts() + ": " + verdicts);
            verdicts.forEach(Round::checkFindings);
            checkEnough(scene, verdicts.get(0), verdicts.get(1), faults, happened.counts());
            return verdicts;
        } catch (Exception | AssertionError failure) {
            throw new AssertionError(
                    "seed " + seed + ", faults " + faults + ", records in " + directory + ": " + failure.getMessage(),
                    failure);
        }
    }

    private static void checkFindings(Verdict verdict) {
        if (!verdict.findings().isEmpty()) {
            throw new AssertionError(verdict + "\n" + verdict.findings());
        }
    }

    private static void checkEnough(
            Scene scene, Verdict main, Verdict other, List<Fault> faults, Map<Fault, Integer> happened) {
        Map<Fault, Integer> planned = new EnumMap<>(Fault.class);
        faults.forEach(fault -> planned.merge(fault, 1, Integer::sum));
        boolean enough = happened.equals(planned)
                && main.done().values().stream().mapToInt(Integer::intValue).sum() >= LEAST_CALLS
                && main.delivered() >= LEAST_CHANGES
                && other.delivered() > 0
                && scene.isPlayed(main.seen());
        for (Op op : Op.values()) {
            enough &= main.done().getOrDefault(op, 0) >= LEAST_OF_EACH;
        }
        if (!enough) {
            throw new AssertionError("too little happened: " + happened + ", " + main + ", " + other);
        }
    }
}
