package dev.tidemark.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGINT and SIGTERM into an orderly end: ends what the command waits for, gives it the time to print what it has and to close
 * what it has opened, and halts. Without it, Java would exit with 128 and the number of the signal, and wait for nothing.
 */
final class Interrupt implements AutoCloseable {
    private final int code;
    private final Duration patience;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "tidemark-interrupt");
    private volatile @Nullable Runnable ending;
    private volatile boolean interrupted;

    /** Ends the process with {@code code}, once the command has finished or {@code patience} is at an end. */
    Interrupt(int code, Duration patience) {
        this.code = code;
        this.patience = patience;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Says how to end what the command does from now on. */
    void endsWith(Runnable end) {
        ending = end;
        if (interrupted) {
            end.run();
        }
    }

    boolean hasHappened() {
        return interrupted;
    }

    /** Throws if it has happened. */
    void check() {
        if (interrupted) {
            throw new DemoException("it was interrupted");
        }
    }

    /** The command has finished, whether interrupted or not. */
    @Override
    public void close() {
        finished.countDown();
        if (!interrupted) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException begun) {
                // The signal came just now, and the hook ends the process.
                interrupted = true;
            }
        }
    }

    private void interrupt() {
        interrupted = true;
        try {
            Runnable end = ending;
            if (end != null) {
                end.run();
            }
            // An output that nobody reads may keep the command from finishing for ever.
            boolean orderly = finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
            Runtime.getRuntime().halt(orderly ? code : ExitCode.READER_GONE);
        } catch (InterruptedException hurried) {
            Runtime.getRuntime().halt(code);
        }
    }
}
