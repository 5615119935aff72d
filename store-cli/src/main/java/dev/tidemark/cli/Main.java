package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code tidemark} command.
 *
 * @since 0.1
 */
public final class Main {
    /** Set by the script that starts this program when standard error is a terminal; Java can't tell. */
    private static final String INTERACTIVE = "tidemark.interactive";

    private Main() {}

    /** Runs the command that {@code args} describe and ends the process with its exit code. */
    public static void main(String[] args) {
        // What the library logs is for people too: one line each.
        if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
            System.setProperty("java.util.logging.SimpleFormatter.format", "tidemark: %5$s%n");
        }
        InputStream in = new FileInputStream(FileDescriptor.in);
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(in, new Output(out), err, Boolean.getBoolean(INTERACTIVE), System.getenv());
        System.exit(run(args, terminal));
    }

    static int run(String[] args, Terminal terminal) {
        Tidemark tidemark = new Tidemark(terminal);
        try {
            checkEncoding(args);
            int code = execute(commandLine(tidemark), args, terminal);
            terminal.out().flush();
            return code;
        } catch (Throwable failure) {
            return fail(failure, tidemark);
        }
    }

    /** Arguments that were no text in the encoding of the locale have lost what they were: never use what is left. */
    private static void checkEncoding(String[] args) {
        for (int i = 0; i < args.length; i++) {
            if (args[i].indexOf('\uFFFD') >= 0) {
                throw new InputException(
                        "argument " + (i + 1) + " can't be read as " + System.getProperty("sun.jnu.encoding")
                                + ", the encoding of the locale; use UTF-8, with LC_ALL=C.UTF-8 for instance");
            }
        }
    }

    private static CommandLine commandLine(Tidemark tidemark) {
        CommandLine line = new CommandLine(tidemark)
                .addSubcommand(new GetCommand(tidemark))
                .addSubcommand(new SetCommand(tidemark))
                .addSubcommand(new DeleteCommand(tidemark))
                .addSubcommand(new ListCommand(tidemark))
                .addSubcommand(new KeysCommand(tidemark))
                .addSubcommand(new KindsCommand(tidemark))
                .addSubcommand(new CountCommand(tidemark))
                .addSubcommand(new WatchCommand(tidemark))
                .addSubcommand(new ImportCommand(tidemark))
                .addSubcommand(new ExportCommand(tidemark))
                .addSubcommand(EventsCommand.line(tidemark))
                .addSubcommand(new DemoCommand(tidemark))
                .addSubcommand(new GenerateCompletion())
                .addSubcommand(new HelpCommand());
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpWidth(100)
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                .setExecutionExceptionHandler((failure, command, parsed) -> fail(failure, tidemark))
                .setParameterExceptionHandler((failure, arguments) -> fail(failure, tidemark));
    }

    /** Picocli prints help, versions and completion scripts through writers of its own. */
    private static int execute(CommandLine line, String[] args, Terminal terminal) {
        StringWriter text = new StringWriter();
        line.setOut(new PrintWriter(text)).setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
        int code = line.execute(args);
        if (!text.toString().isEmpty()) {
            terminal.out().line(text.toString().stripTrailing());
        }
        return code;
    }

    private static int fail(Throwable failure, Tidemark tidemark) {
        int code = failure instanceof ParameterException ? ExitCode.BAD_INPUT : ExitCode.of(failure);
        if (code != ExitCode.READER_GONE) {
            tidemark.terminal().say("tidemark: " + withoutPasswords(message(failure, code)));
        }
        if (tidemark.isVerbose() || System.getenv("TIDEMARK_DEBUG") != null) {
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            tidemark.terminal().say(withoutPasswords(trace.toString().stripTrailing()));
        }
        return code;
    }

    /** The store's messages have none; but an argument that is out of place is quoted, and may be a URI. Rather hides too much. */
    private static String withoutPasswords(String text) {
        return text.replaceAll("(//[^\\s:/?]*:)(?!password@).*@", "$1***@")
                .replaceAll("(?i)(password=)[^&\\s']*", "$1***");
    }

    private static String message(Throwable failure, int code) {
        if (failure instanceof ParameterException usage) {
            return oneLine(String.valueOf(usage.getMessage())) + suggestions(usage) + "; see "
                    + usage.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory; give more with JAVA_OPTS=-Xmx512m, for instance";
        }
        String reason = oneLine(String.valueOf(failure.getMessage()));
        return code == ExitCode.BUG ? "internal error: " + failure.getClass().getName() + ": " + reason : reason;
    }

    private static String suggestions(ParameterException usage) {
        if (usage instanceof UnmatchedArgumentException unmatched
                && !unmatched.getSuggestions().isEmpty()) {
            return " (did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?)";
        }
        return "";
    }

    /** Of one type are all values here, and its name is no news to people. */
    private static String oneLine(String message) {
        return message.strip().replaceAll("\\s*\\R\\s*", " ").replace(JsonNode.class.getName(), "the value");
    }
}
