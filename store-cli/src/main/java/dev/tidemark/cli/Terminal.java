package dev.tidemark.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * Where a command reads and writes.
 *
 * @param in what is piped in
 * @param out what machines read
 * @param err what people read
 * @param interactive whether {@code err} is a terminal, so that a line of it can be drawn over
 * @param environment the environment variables
 */
record Terminal(InputStream in, Output out, PrintStream err, boolean interactive, Map<String, String> environment) {

    /** Tells people something, in one line. */
    void say(String message) {
        err.println(message);
    }
}
