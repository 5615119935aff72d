package dev.tidemark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        customSynopsis = "tidemark import [OPTIONS] [KIND] FILE",
        description = {
            "Store the entries of a file and print {\"created\":n,\"updated\":n,\"unchanged\":n}.",
            "",
            "FILE holds one {\"key\":…,\"value\":…} a line, or one JSON object or YAML mapping of key to value. The "
                    + "name says which (.ndjson, .jsonl, .yaml, .yml), else the start: {\"key\", {\"value\" or {\"kind\" "
                    + "begins an entry a line, any other { a JSON object, anything else YAML.",
            "",
            "A line may name its kind, as those of export do. With KIND it must be that one; without KIND every line "
                    + "goes to the kind that it names. In lines the last value of a key wins; in a mapping no key may "
                    + "appear twice. YAML aliases and merge keys are refused.",
            "",
            "Bad input ends the import with its line: nothing of its batch is written, earlier batches are.",
            ""
        },
        sortOptions = false)
final class ImportCommand implements Runnable {
    private static final String STDIN = "-";

    private final Tidemark tidemark;

    @Parameters(
            arity = "1..2",
            paramLabel = "[KIND] FILE",
            hideParamSyntax = true,
            description = "The kind of all entries, and the file; - reads standard input.")
    private List<String> arguments = List.of();

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Write N entries at a time, all or nothing; 500 by default.")
    private int batch = 500;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "ndjson, json or yaml, if it isn't what it looks like.")
    private @Nullable ImportFormat format;

    ImportCommand(Tidemark tidemark) {
        this.tidemark = tidemark;
    }

    @Override
    public void run() {
        if (batch < 1) {
            throw new InputException("--batch must be at least 1, not " + batch);
        }
        String file = arguments.get(arguments.size() - 1);
        try (InputStream stream = open(file)) {
            read(file, stream);
        } catch (IOException failure) {
            throw new InputException("can't read " + file + ": " + failure.getMessage(), failure);
        }
    }

    private void read(String file, InputStream stream) throws IOException {
        TextInput input = new TextInput(stream);
        EntrySource source = (format == null ? ImportFormat.of(file, input) : format).read(input);
        String kind = arguments.size() == 2 ? arguments.get(0) : null;
        try (Session session = tidemark.open();
                Progress progress = new Progress(tidemark.terminal(), size(file), input::bytesRead)) {
            Importer importer = new Importer(session.store(), kind, batch, progress::at);
            importer.run(source);
            tidemark.terminal().out().line(importer.summary());
        }
    }

    private InputStream open(String file) throws IOException {
        if (file.equals(STDIN)) {
            return tidemark.terminal().in();
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new InputException(file + " is a directory");
        }
        if (!Files.exists(path)) {
            throw new InputException("no such file: " + file);
        }
        return Files.newInputStream(path);
    }

    private static long size(String file) throws IOException {
        return file.equals(STDIN) || !Files.isRegularFile(Path.of(file)) ? -1 : Files.size(Path.of(file));
    }
}
