package dev.tidemark.cli;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One line on a terminal that shows how far a file was read; nothing anywhere else. */
final class Progress implements AutoCloseable {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BAR = 24;
    private static final String ERASE = "\r\u001b[K";

    private final Terminal terminal;
    private final long size;
    private final LongSupplier read;
    private final long started = System.nanoTime();
    private long drawn = started - REDRAW_NANOS;

    /**
     * Makes an invisible bar.
     *
     * @param size how many bytes there are to read; negative when nobody knows
     * @param read how many were read
     */
    Progress(Terminal terminal, long size, LongSupplier read) {
        this.terminal = terminal;
        this.size = size;
        this.read = read;
    }

    /** So many entries are written. */
    void at(long entries) {
        long now = System.nanoTime();
        if (terminal.interactive() && now - drawn >= REDRAW_NANOS) {
            drawn = now;
            draw(ERASE + text(entries, read.getAsLong(), (now - started) / 1e9));
        }
    }

    /** Erases the line. */
    @Override
    public void close() {
        if (terminal.interactive()) {
            draw(ERASE);
        }
    }

    String text(long entries, long bytes, double seconds) {
        String rate = String.format(Locale.ROOT, "%,d entries  %,.0f/s", entries, entries / seconds);
        if (size <= 0) {
            return rate;
        }
        double part = Math.min(1, (double) bytes / size);
        int filled = (int) (part * BAR);
        long left = bytes == 0 ? 0 : Math.round(seconds * (size - bytes) / bytes);
        return String.format(
                Locale.ROOT,
                "%3d%% [%s%s]  %s  ETA %d:%02d",
                (int) (part * 100),
                "=".repeat(filled),
                " ".repeat(BAR - filled),
                rate,
                left / 60,
                left % 60);
    }

    private void draw(String text) {
        terminal.err().print(text);
        terminal.err().flush();
    }
}
