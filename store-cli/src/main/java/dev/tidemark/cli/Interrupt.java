package dev.tidemark.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGINT and SIGTERM into an orderly end with exit code 0: ends what the command waits for, gives it the time to print
 * what it has and to close its store, and halts. Without it, Java would exit with 128 and the number of the signal.
 */
final class Interrupt implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "tidemark-interrupt");
    private volatile @Nullable Runnable ending;
    private volatile boolean interrupted;

    Interrupt() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Says how to end what the command does from now on. */
    void endsWith(Runnable end) {
        ending = end;
        if (interrupted) {
            end.run();
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
            boolean orderly = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Runtime.getRuntime().halt(orderly ? ExitCode.FINE : ExitCode.READER_GONE);
        } catch (InterruptedException hurried) {
            Runtime.getRuntime().halt(ExitCode.FINE);
        }
    }
}
