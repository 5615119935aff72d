package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Import and export, on a SQLite file. */
class ImportTest {
    @TempDir
    Path directory;

    private Here here;

    @BeforeEach
    void open() {
        here = new Here(directory);
    }

    @Test
    void linesAreEntries() {
        String lines = "\uFEFF{\"key\":\"a\",\"value\":1}\r\n\n  \n{\"value\":{\"x\":1.10},\"key\":\"ключ 😀\"}";
        assertThat(here.pipe(lines, "import", "k", "-")).isEqualTo(new Result(0, summary(2, 0, 0), ""));
        assertThat(here.pipe(lines, "import", "k", "-").out()).isEqualTo(summary(0, 0, 2));
        assertThat(here.run("get", "k", "ключ 😀").out()).isEqualTo("{\"x\":1.10}\n");
    }

    @Test
    void theLastOfTwoLinesWins() {
        String lines = "{\"key\":\"a\",\"value\":1}\n{\"key\":\"b\",\"value\":1}\n{\"key\":\"a\",\"value\":2}\n";
        assertThat(here.pipe(lines, "import", "k", "-").out()).isEqualTo(summary(2, 1, 0));
        assertThat(here.run("get", "k", "a").out()).isEqualTo("2\n");
    }

    @Test
    void oneJsonObject() throws Exception {
        Path file = directory.resolve("data.json");
        Files.writeString(file, "{\n  \"a\": {\"key\": 1},\n  \"b\": [1, 2.50]\n}\n");
        assertThat(here.run("import", "k", file.toString()).out()).isEqualTo(summary(2, 0, 0));
        assertThat(here.pipe("{\"b\":[1,2.50]}", "import", "k", "-").out()).isEqualTo(summary(0, 0, 1));
        assertThat(here.pipe("{\"key\":3}", "import", "k", "-", "--format", "json")
                        .out())
                .isEqualTo(summary(1, 0, 0));
        assertThat(here.run("list", "k").lines()).hasSize(3);
    }

    @Test
    void oneYamlMapping() throws Exception {
        String yaml =
                "# countries\nDE:\n  name: Germany\n  eu: true\nNO: {name: Norway}\n1: [1.10, ~, '007', 2001-12-14]\n";
        Path file = directory.resolve("data.yml");
        Files.writeString(file, yaml);
        assertThat(here.run("import", "k", file.toString()).out()).isEqualTo(summary(3, 0, 0));
        assertThat(here.pipe(yaml, "import", "k", "-").out()).isEqualTo(summary(0, 0, 3));
        assertThat(here.run("get", "k", "DE").out()).isEqualTo("{\"eu\":true,\"name\":\"Germany\"}\n");
        assertThat(here.run("get", "k", "NO").out()).isEqualTo("{\"name\":\"Norway\"}\n");
        assertThat(here.run("get", "k", "1").out()).isEqualTo("[1.10,null,\"007\",\"2001-12-14\"]\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "auto   | {\"key\":\"b\",\"value\":}                           | not valid JSON: Unexpected character ('}'",
                "auto   | {\"key\":\"b\",\"value\":1                            | not valid JSON: Unexpected end-of-input",
                "auto   | {\"key\":\"b\"}                                       | no \"value\"",
                "auto   | {\"value\":1}                                         | no \"key\"",
                "auto   | {\"key\":1,\"value\":1}                               | \"key\" must be a string, not a number",
                "auto   | {\"key\":\"b\",\"value\":null}                        | null is not a value",
                "auto   | {\"key\":\"\",\"value\":1}                            | key must not be empty",
                "auto   | {\"key\":\"b\\u0000\",\"value\":1}                    | must not contain NUL",
                "auto   | {\"key\":\"\\ud83d\",\"value\":1}                     | must not contain an unpaired surrogate",
                "auto   | {\"key\":\"b\",\"key\":\"c\",\"value\":1}             | Duplicate field 'key'",
                "auto   | {\"key\":\"b\",\"value\":{\"x\":1,\"x\":2}}           | Duplicate field 'x'",
                "auto   | {\"key\":\"b\",\"value\":1} {\"key\":\"c\",\"value\":1} | something follows the value",
                "auto   | {\"key\":\"b\",\"value\":1,\"type\":\"deleted\"}      | unknown member \"type\"",
                "auto   | {\"kind\":\"other\",\"key\":\"b\",\"value\":1}        | the entry is of kind \"other\"",
                "auto   | [1]                                                   | found a list",
                "json   | \"a\":2}                                              | the key \"a\" appears twice",
                "json   | \"\":2}                                               | key must not be empty",
                "json   | \"b\":{\"x\":1,\"x\":2}}                              | Duplicate field 'x'",
                "json   | \"b\" 2}                                              | not valid JSON: Unexpected character",
                "json   | \"b\":2                                               | not valid JSON: Unexpected end-of-input",
                "json   | \"b\":2} x                                            | not valid JSON: Unrecognized token",
                "json   | \"b\":2} {}                                           | something follows",
                "json   | \"b\":null}                                           | null is not a value",
                "yaml   | a: 2                                                  | the key \"a\" appears twice",
                "yaml   | b: *x                                                 | aliases are not supported",
                "yaml   | <<: {c: 1}                                            | merge keys are not supported",
                "yaml   | b: {c: 1, c: 2}                                       | Duplicate field 'c'",
                "yaml   | b: {<<: {c: 1}}                                       | merge keys are not supported",
                "yaml   | b: [*x]                                               | aliases are not supported",
                "yaml   | b                                                     | not valid YAML",
                "yaml   | b: {                                                  | not valid YAML",
            })
    void aBadLineIsNamedAndNothingOfItsBatchIsWritten(String format, String line, String reason) {
        String first = switch (format) {
            case "json" -> "{\"a\":1,\n";
            case "yaml" -> "a: 1\n";
            default -> "{\"key\":\"a\",\"value\":1}\n";
        };
        Result result = here.pipe(first + line + "\n", "import", "k", "-");
        BadInputTest.assertOneLine(result, 2, reason);
        assertThat(result.err()).matches("(?s)tidemark: line [123]: .*; nothing was written\n");
        assertThat(here.run("count", "k").out()).isEqualTo("0\n");
    }

    @Test
    void earlierBatchesStay() {
        String lines = lines(10) + "bad\n" + lines(20);
        Result result = here.pipe(lines, "import", "k", "-", "--batch", "4");
        BadInputTest.assertOneLine(result, 2, "line 11: not valid JSON");
        assertThat(result.err()).endsWith("; only the first 8 entries were written\n");
        assertThat(here.run("count", "k").out()).isEqualTo("8\n");
    }

    @Test
    void bytesThatAreNotUtf8AreNamedByTheirLine() {
        byte[] lines = (lines(3) + "{\"key\":\"caf\u00e9\",\"value\":1}\n").getBytes(StandardCharsets.ISO_8859_1);
        BadInputTest.assertOneLine(
                here.pipe(lines, "import", "k", "-", "--batch", "2"), 2, "line 4: not valid UTF-8; only the first 2");
        byte[] json = "{\"a\":1,\n\"b\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        BadInputTest.assertOneLine(here.pipe(json, "import", "k", "-"), 2, "line 2: not valid UTF-8");
    }

    @Test
    void nothingIsFine() {
        assertThat(here.pipe("", "import", "k", "-").out()).isEqualTo(summary(0, 0, 0));
        assertThat(here.pipe("\n", "import", "k", "-").out()).isEqualTo(summary(0, 0, 0));
        assertThat(here.pipe("{}", "import", "k", "-").out()).isEqualTo(summary(0, 0, 0));
    }

    @Test
    void withoutAKindEachLineNamesItsOwn() {
        String lines = "{\"kind\":\"x\",\"key\":\"a\",\"value\":1}\n{\"kind\":\"y\",\"key\":\"a\",\"value\":2}\n";
        assertThat(here.pipe(lines, "import", "-").out()).isEqualTo(summary(2, 0, 0));
        assertThat(here.run("kinds").lines()).containsExactly("x", "y");
        BadInputTest.assertOneLine(here.pipe(lines(1), "import", "-"), 2, "line 1: no \"kind\"; name one");
        BadInputTest.assertOneLine(here.pipe("{\"a\":1}", "import", "-"), 2, "line 1: no \"kind\"; name one");
    }

    @Test
    void whatIsExportedIsImported() throws Exception {
        here.pipe(lines(700), "import", "numbers", "-");
        here.run("set", "a\"b\\ \u0001", " 😀|%_\n", "{\"b\":[1.10,1E+400,-0.0,\"\\u2028\\uD83D\"]}");
        here.run("set", "users", "ann", "\"x\"");
        Result exported = here.run("export");
        assertThat(exported.lines()).hasSize(702);

        Here copy = new Here(Files.createDirectory(directory.resolve("copy")));
        assertThat(copy.pipe(exported.out(), "import", "-").out()).isEqualTo(summary(702, 0, 0));
        assertThat(copy.run("export").out()).isEqualTo(exported.out());

        assertThat(here.run("export", "users", "users", "none").out())
                .isEqualTo("{\"kind\":\"users\",\"key\":\"ann\",\"value\":\"x\"}\n");
        assertThat(copy.pipe(here.run("export", "users").out(), "import", "users", "-")
                        .out())
                .isEqualTo(summary(0, 0, 1));
        assertThat(copy.pipe(here.run("list", "numbers").out(), "import", "numbers", "-")
                        .out())
                .isEqualTo(summary(0, 0, 700));
    }

    @Test
    void theTerminalShowsAProgressBar() throws Exception {
        Path file = directory.resolve("data.ndjson");
        Files.writeString(file, lines(2000));
        Result result = Here.plain(new byte[0], true, "--store", here.store(), "import", "k", file.toString());
        assertThat(result.err())
                .containsPattern("\\d+% \\[=* *\\]  \\d+ entries  [\\d,]+/s  ETA \\d+:\\d\\d")
                .endsWith("\u001b[K");
        assertThat(result.out()).isEqualTo(summary(2000, 0, 0));
    }

    private static String lines(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"key\":\"" + i + "\",\"value\":{\"n\":" + i + "}}\n")
                .collect(Collectors.joining());
    }

    private static String summary(int created, int updated, int unchanged) {
        return "{\"created\":" + created + ",\"updated\":" + updated + ",\"unchanged\":" + unchanged + "}\n";
    }
}
