package dev.tidemark.cli;

import dev.tidemark.store.ListOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which keys of a kind a command is about. */
final class RangeOptions {
    @Option(names = "--prefix", paramLabel = "P", description = "Only keys that start with P.")
    private String prefix = "";

    @Option(names = "--from", paramLabel = "K", description = "Only keys at or after K.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "K", description = "Only keys before K.")
    private @Nullable String to;

    @Option(names = "--after", paramLabel = "KEY", description = "Only keys after KEY, the last of the page before.")
    private @Nullable String after;

    @Option(names = "--limit", paramLabel = "N", description = "At most N keys.")
    private int limit = Integer.MAX_VALUE;

    ListOptions toListOptions() {
        return new ListOptions(prefix, from, to, after, limit);
    }
}
