package dev.tidemark.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself, with the options that all its commands share. */
@Command(
        name = "tidemark",
        description = "Looks into a Tidemark store, changes it, and follows its changes. Values are JSON.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        footer = {
            "",
            "Exit codes:",
            "  0   fine",
            "  1   not found, or a condition did not hold",
            "  2   wrong usage or bad input",
            "  3   the store can't be reached or timed out",
            "  4   changes were missed: history is compacted, or the watch overflowed",
            "  70  a mistake in this program",
            "  130 the demo was interrupted",
            "  141 the reader of standard output is gone",
        })
final class Tidemark implements Runnable {
    static final String DEFAULT_STORE = "sqlite:tidemark.db";

    @Option(
            names = "--store",
            paramLabel = "URI",
            scope = ScopeType.INHERIT,
            description =
                    "sqlite:FILE, postgresql://user:password@host:port/database or memory:; else $TIDEMARK_STORE, else "
                            + DEFAULT_STORE + ".")
    private @Nullable String store;

    @Option(
            names = "--namespace",
            paramLabel = "N",
            scope = ScopeType.INHERIT,
            description = "The namespace, a whole number; 0 by default.")
    private @Nullable Long namespace;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = ScopeType.INHERIT,
            converter = Durations.class,
            description = "The longest time any single call may take: 500ms, 5s, 1m or PT5S; 10s by default.")
    private @Nullable Duration timeout;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print stack traces of failures.")
    private boolean verbose;

    @Spec
    private @Nullable CommandSpec spec;

    private final Terminal terminal;

    Tidemark(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "which command?");
        }
    }

    Session open() {
        return Session.open(uri(), namespace == null ? 0 : namespace, timeout);
    }

    Terminal terminal() {
        return terminal;
    }

    /** The timeout that was given on the command line, if one was. */
    @Nullable
    Duration timeout() {
        return timeout;
    }

    boolean isVerbose() {
        return verbose;
    }

    /** The store that was named on the command line, if one was. */
    @Nullable
    String namedStore() {
        return store;
    }

    /** The namespace that was named on the command line, if one was. */
    @Nullable
    Long namedNamespace() {
        return namespace;
    }

    private String uri() {
        if (store != null) {
            return store;
        }
        String configured = terminal.environment().get("TIDEMARK_STORE");
        return configured == null || configured.isEmpty() ? DEFAULT_STORE : configured;
    }
}
