package dev.tidemark.store.spi;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Tells a log of a fault that may heal: when it begins, when it becomes another, and when it is over. That it is still there, as every
 * new try finds out, is for those who debug. For one thread.
 *
 * @since 0.1
 */
public final class FaultLog {
    private final Logger log;
    private final String failing;
    private final String healed;
    private String told = "";

    /** Says {@code failing} with a reason behind it, and {@code healed}. */
    public FaultLog(Logger log, String failing, String healed) {
        this.log = log;
        this.failing = failing;
        this.healed = healed;
    }

    /** It does not work. */
    public void failed(Exception reason) {
        String message = String.valueOf(reason.getMessage());
        Level level = message.equals(told) ? Level.DEBUG : Level.WARNING;
        told = message;
        log.log(level, "{0}: {1}", failing, message);
    }

    /** It works. */
    public void worked() {
        if (!told.isEmpty()) {
            told = "";
            log.log(Level.INFO, healed);
        }
    }
}
