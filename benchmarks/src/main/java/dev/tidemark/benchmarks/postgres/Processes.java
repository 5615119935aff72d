package dev.tidemark.benchmarks.postgres;

import dev.tidemark.benchmarks.harness.Bench;
import dev.tidemark.benchmarks.harness.Child;
import dev.tidemark.benchmarks.harness.Contender;
import dev.tidemark.benchmarks.harness.Goal;
import dev.tidemark.benchmarks.harness.Round;
import java.util.ArrayList;
import java.util.List;

/** Several processes that write one kind: callers of different processes can't share a transaction. */
public final class Processes implements Contender {
    private static final int PROCESSES = 4;
    private static final int PRACTICE = 5;

    /** Four JVMs that optimize at the same time leave few processors to anybody else, for a minute and more; so they compile simply. */
    private static final List<String> OPTIONS = List.of("-Xmx256m", "-XX:TieredStopAtLevel=1");

    private final Server server;
    private final List<Child> children = new ArrayList<>();

    private Processes(Server server) {
        this.server = server;
    }

    /** The benches of this family. */
    public static List<Bench> benches(Server server) {
        int callers = PROCESSES * WriterProcess.CALLERS;
        return List.of(Bench.of("PostgreSQL set, 4 processes × 8", "/s", new Processes(server))
                .against(
                        "32 connections, plain upsert + outbox",
                        Writing.plain(server, callers),
                        new Goal.AtLeast(1.5)));
    }

    @Override
    public double[] run(Round round) throws Exception {
        if (children.isEmpty()) {
            start(round);
        }
        return new double[] {rate(round)};
    }

    private void start(Round round) throws Exception {
        for (int i = 0; i < PROCESSES; i++) {
            children.add(Child.start(WriterProcess.class, OPTIONS));
        }
        int turns = round.profile().isPractised() ? PRACTICE : 1;
        for (int i = 0; i < turns; i++) {
            rate(round);
        }
    }

    private double rate(Round round) throws Exception {
        try (Schema schema = server.newSchema()) {
            schema.openFilled().close();
            for (int i = 0; i < children.size(); i++) {
                int seed = round.number() * PROCESSES + i;
                children.get(i).tell(schema.uri() + " " + round.profile() + " " + seed);
            }
            for (Child child : children) {
                child.answer();
            }
            for (Child child : children) {
                child.tell("go");
            }
            double sum = 0;
            for (Child child : children) {
                sum += Double.parseDouble(child.answer());
            }
            return sum;
        }
    }

    @Override
    public void close() throws Exception {
        for (Child child : children) {
            child.close();
        }
    }
}
