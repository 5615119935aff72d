package dev.tidemark.store.postgres.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The record of one writing thread. */
final class Journal implements AutoCloseable {
    private final String writer;
    private final long namespace;
    private final Recorder record;
    private int calls;

    Journal(String writer, long namespace, Path directory) throws IOException {
        this.writer = writer;
        this.namespace = namespace;
        this.record = new Recorder(directory.resolve(writer + ".calls"));
    }

    /** The name of the next call. */
    String next() {
        return writer + "-" + ++calls;
    }

    /** The name that was given last. */
    String latest() {
        return writer + "-" + calls;
    }

    String writer() {
        return writer;
    }

    long namespace() {
        return namespace;
    }

    Call begin(String id, Call.Op op, List<Call.Step> steps) {
        Call call =
                new Call(id, op, namespace, steps, System.nanoTime(), Long.MAX_VALUE, Call.Outcome.UNKNOWN, List.of());
        record.line(call.line());
        return call;
    }

    void end(Call call, Call.Outcome outcome, String... details) {
        String[] fields = new String[4 + details.length];
        long now = System.nanoTime();
        fields[0] = "O";
        fields[1] = call.id();
        fields[2] = outcome.name();
        fields[3] = "" + now;
        System.arraycopy(details, 0, fields, 4, details.length);
        record.line(fields);
    }

    @Override
    public void close() throws IOException {
        record.close();
    }
}
