package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input of every kind is one line on standard error and its exit code; nothing is printed or written. */
class BadInputTest {
    @TempDir
    Path directory;

    private Here here;

    @BeforeEach
    void open() {
        here = new Here(directory);
    }

    static Stream<Arguments> usage() {
        return Stream.of(
                arguments("which command?", args()),
                arguments("gett", args("gett", "k", "a")),
                arguments("--entri", args("get", "--entri", "k", "a")),
                arguments("KEY", args("get", "k")),
                arguments("Unmatched argument", args("get", "k", "a", "b")),
                arguments("'x' is not a long", args("set", "k", "a", "1", "--if-tag", "x")),
                arguments(
                        "'99999999999999999999' is not a long",
                        args("delete", "k", "a", "--if-tag", "99999999999999999999")),
                arguments("mutually exclusive", args("set", "k", "a", "1", "--if-tag", "1", "--if-absent")),
                arguments("'5x' is no positive duration", args("kinds", "--timeout", "5x")),
                arguments("'0s' is no positive duration", args("kinds", "--timeout", "0s")),
                arguments("'-PT1S' is no positive duration", args("kinds", "--timeout=-PT1S")),
                arguments("'one' is not a long", args("kinds", "--namespace", "one")),
                arguments("limit must be at least 1", args("list", "k", "--limit", "0")),
                arguments("renamed", args("watch", "--types", "renamed")),
                arguments("--count must be at least 1", args("watch", "--count", "0")),
                arguments("bufferSize must be at least 1", args("watch", "--buffer", "0")),
                arguments("not both", args("watch", "--replay", "--after", "1")),
                arguments("must not be negative", args("watch", "--after", "-1")),
                arguments("--batch must be at least 1", args("import", "k", "-", "--batch", "0")),
                arguments("xml", args("import", "k", "-", "--format", "xml")),
                arguments("FILE", args("import")));
    }

    static Stream<Arguments> namesAndValues() {
        String longKind = "k".repeat(256);
        return Stream.of(
                arguments("kind must not be empty", args("get", "", "a")),
                arguments("key must not be empty", args("set", "k", "", "1")),
                arguments("at most 255 bytes of UTF-8, but has 256", args("list", longKind)),
                arguments("at most 1024 bytes of UTF-8, but has 1026", args("delete", "k", "ä".repeat(513))),
                arguments("must not contain NUL", args("get", "k", "a\0b")),
                arguments("unpaired surrogate", args("get", "k", "a\uD83D")),
                arguments("unpaired surrogate", args("list", "k", "--prefix", "\uDE00")),
                arguments("kind must not be empty", args("watch", "")),
                arguments("kind must not be empty", args("export", "")),
                arguments("can't be read as", args("get", "k", "caf\uFFFD")),
                arguments("the value is not valid JSON", args("set", "k", "a", "{\"a\":}")),
                arguments("the value is not valid JSON: Unrecognized token 'alice'", args("set", "k", "a", "alice")),
                arguments("the value is not valid JSON: there is nothing", args("set", "k", "a", "")),
                arguments(
                        "the value is not valid JSON: Duplicate field 'a'", args("set", "k", "a", "{\"a\":1,\"a\":2}")),
                arguments("the value is not valid JSON: something follows the value", args("set", "k", "a", "1 2")),
                arguments("null is not a value", args("set", "k", "a", "null")),
                arguments("Unexpected low surrogate", args("set", "k", "a", "{\"\\ude00\":1}")));
    }

    static Stream<Arguments> stores() {
        return Stream.of(
                arguments(2, "unknown store scheme 'foo:'", "foo:bar"),
                arguments(2, "no scheme", "app.db"),
                arguments(2, "colour", "sqlite:app.db?colour=red"),
                arguments(3, "nowhere", "sqlite:DIR/nowhere/app.db"),
                arguments(3, "DIR/text.db", "sqlite:DIR/text.db"),
                arguments(3, "DIR", "sqlite:DIR"));
    }

    @ParameterizedTest
    @MethodSource("usage")
    void wrongUsage(String reason, String[] args) {
        assertOneLine(here.run(args), 2, reason);
    }

    @ParameterizedTest
    @MethodSource("namesAndValues")
    void n1_namesAndValuesThatCannotBeStored(String reason, String[] args) {
        assertOneLine(here.run(args), 2, reason);
        assertThat(here.run("kinds").out()).isEmpty();
    }

    @Test
    void noMessageNamesTheTypeThatValuesHaveHere() {
        assertThat(here.run("set", "k", "a", "null").err())
                .isEqualTo("tidemark: k/a: Can't encode the value as JSON: null is not a value\n");
        assertThat(here.pipe("{\"key\":\"a\",\"value\":null}", "import", "k", "-")
                        .err())
                .isEqualTo(
                        "tidemark: line 1: Can't encode the value as JSON: null is not a value; nothing was written\n");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void storesThatCannotBeOpened(int code, String reason, String uri) throws Exception {
        Files.writeString(directory.resolve("text.db"), "This is no database. ".repeat(100));
        String store = uri.replace("DIR", directory.toString());
        Result result = Here.plain(new byte[0], false, "--store", store, "set", "k", "a", "1");
        assertOneLine(result, code, reason.replace("DIR", directory.toString()));
    }

    @Test
    void standardInputMustBeUtf8() {
        byte[] latin1 = "\"caf\u00e9\"".getBytes(StandardCharsets.ISO_8859_1);
        assertOneLine(here.pipe(latin1, "set", "k", "a", "-"), 2, "line 1: not valid UTF-8");
    }

    @Test
    void filesThatCannotBeRead() throws Exception {
        assertOneLine(here.run("import", "k", directory.toString()), 2, "is a directory");
        assertOneLine(here.run("import", "k", directory.resolve("none").toString()), 2, "no such file");
    }

    @Test
    void verboseAddsTheStackTrace() {
        Result result = here.run("get", "k", "a", "--verbose");
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).startsWith("tidemark: not found: k/a\n").contains("at dev.tidemark.cli.GetCommand");
    }

    static String[] args(String... args) {
        return args;
    }

    static void assertOneLine(Result result, int code, String reason) {
        assertThat(result.err()).startsWith("tidemark: ").contains(reason).endsWith("\n");
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.code()).isEqualTo(code);
    }
}
