package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands print, on a SQLite file. */
class CommandsTest {
    @TempDir
    Path directory;

    private Here here;

    @BeforeEach
    void open() {
        here = new Here(directory);
    }

    @Test
    void setTellsWhatItDid() {
        assertThat(here.run("set", "users", "ann", "{\"age\":30}")).isEqualTo(new Result(0, "created\n", ""));
        assertThat(here.run("set", "users", "ann", "{\"age\":31}").out()).isEqualTo("updated\n");
        assertThat(here.run("set", "users", "ann", " { \"age\" : 31 } ").out()).isEqualTo("unchanged\n");
    }

    @Test
    void theOrderOfMembersMakesNoDifference() {
        here.run("set", "k", "a", "{\"b\":1,\"a\":{\"d\":1,\"c\":2}}");
        assertThat(here.run("set", "k", "a", "{\"a\":{\"c\":2,\"d\":1},\"b\":1}")
                        .out())
                .isEqualTo("unchanged\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-5",
                "\"text\"",
                "true",
                "[]",
                "[1,[2,null]]",
                "1.10",
                "0.1",
                "123456789012345678901234567890.123456789012345678901234567890",
                "\"\\uD83D\"",
                "{\"a\":\"\\u0000\\n\",\"b\":\"😀\"}"
            })
    void valuesKeepEveryDigit(String json) {
        here.run("set", "k", "a", json);
        assertThat(here.run("get", "k", "a")).isEqualTo(new Result(0, json + "\n", ""));
    }

    @Test
    void setReadsStandardInput() {
        assertThat(here.pipe("{\n \"a\": 1\n}\n", "set", "k", "a", "-").out()).isEqualTo("created\n");
        assertThat(here.run("get", "k", "a").out()).isEqualTo("{\"a\":1}\n");
    }

    @Test
    void getPrintsTheEntry() throws Exception {
        here.run("set", "k", "a", "1");
        here.run("set", "k", "a", "2");
        Result got = here.run("get", "--entry", "k", "a");
        JsonNode entry = Json.MAPPER.readTree(got.out());
        assertThat(entry.fieldNames())
                .toIterable()
                .containsExactly("kind", "key", "value", "version", "tag", "updatedAt");
        assertThat(entry.path("version").asLong()).isEqualTo(2);
        assertThat(entry.path("value").asInt()).isEqualTo(2);
    }

    @Test
    void whatIsMissingIsExit1() {
        assertThat(here.run("get", "k", "a")).isEqualTo(new Result(1, "", "tidemark: not found: k/a\n"));
        assertThat(here.run("delete", "k", "a")).isEqualTo(new Result(1, "", "tidemark: not found: k/a\n"));
    }

    @Test
    void deletePrintsWhatWasThere() {
        here.run("set", "k", "a", "[1]");
        assertThat(here.run("delete", "k", "a")).isEqualTo(new Result(0, "[1]\n", ""));
        assertThat(here.run("get", "k", "a").code()).isEqualTo(1);
    }

    @Test
    void conditionsAreExit1WhenTheyDoNotHold() {
        assertThat(here.run("set", "--if-absent", "k", "a", "1").out()).isEqualTo("created\n");
        assertThat(here.run("set", "--if-absent", "k", "a", "2").code()).isEqualTo(1);
        long tag = tag("a");
        assertThat(here.run("set", "k", "a", "2", "--if-tag", Long.toString(tag))
                        .out())
                .isEqualTo("updated\n");
        Result refused = here.run("set", "k", "a", "3", "--if-tag", Long.toString(tag));
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("tidemark: k/a: expected tag " + tag + ", found tag " + tag("a") + "\n");
        assertThat(here.run("set", "k", "a", "2", "--if-tag", Long.toString(tag("a")))
                        .out())
                .isEqualTo("unchanged\n");
        assertThat(here.run("delete", "k", "a", "--if-tag", Long.toString(tag)).code())
                .isEqualTo(1);
        assertThat(here.run("delete", "k", "a", "--if-tag", Long.toString(tag("a")))
                        .out())
                .isEqualTo("2\n");
        assertThat(here.run("set", "k", "a", "2", "--if-tag", "5").err()).contains("expected tag 5, found no value");
    }

    @Test
    void listsInTheOrderOfCodePointsAndByRange() {
        for (String key : List.of("b", "a", "😀", "\uFFFC", "ab", "ba")) {
            here.run("set", "k", key, "1");
        }
        assertThat(here.run("keys", "k").lines()).containsExactly("a", "ab", "b", "ba", "\uFFFC", "😀");
        assertThat(here.run("keys", "k", "--prefix", "a").lines()).containsExactly("a", "ab");
        assertThat(here.run("keys", "k", "--from", "ab", "--to", "ba").lines()).containsExactly("ab", "b");
        assertThat(here.run("keys", "k", "--after", "ab", "--limit", "2").lines())
                .containsExactly("b", "ba");
        assertThat(here.run("count", "k").out()).isEqualTo("6\n");
        assertThat(here.run("count", "k", "--prefix", "b").out()).isEqualTo("2\n");
        assertThat(here.run("list", "k", "--after", "b", "--limit", "1").lines())
                .singleElement()
                .asString()
                .startsWith("{\"kind\":\"k\",\"key\":\"ba\",\"value\":1,\"version\":1,\"tag\":");
    }

    @Test
    void kindsAreThoseWithKeys() {
        here.run("set", "users", "a", "1");
        here.run("set", "a\nb", "a", "1");
        here.run("set", "gone", "a", "1");
        here.run("delete", "gone", "a");
        assertThat(here.run("kinds", "--json").lines()).containsExactly("\"a\\nb\"", "\"users\"");
        assertThat(here.run("kinds", "--namespace", "1").out()).isEmpty();
    }

    @Test
    void keysComeInMoreThanOnePage() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 2345; i++) {
            lines.append("{\"key\":\"").append(10000 + i).append("\",\"value\":1}\n");
        }
        here.pipe(lines.toString(), "import", "k", "-");
        assertThat(here.run("keys", "k").lines())
                .hasSize(2345)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(here.run("keys", "k", "--limit", "1500").lines()).hasSize(1500);
        assertThat(here.run("keys", "k", "--limit", "1000").lines()).hasSize(1000);
    }

    @Test
    void watchReplaysThenTellsWhereItStands() {
        here.run("set", "k", "a", "1");
        here.run("set", "k", "a", "2");
        here.run("set", "other", "b", "3");
        Result watched = here.run("watch", "k", "--replay", "--count", "1");
        assertThat(watched.lines())
                .containsExactly(
                        "{\"type\":\"created\",\"kind\":\"k\",\"key\":\"a\",\"value\":2,\"version\":2,\"revision\":3,\"replayed\":true}",
                        "{\"type\":\"synced\",\"revision\":3}");
        assertThat(watched.err()).isEqualTo("watching\n");
    }

    @Test
    void watchGoesOnAfterARevision() {
        here.run("set", "k", "a", "1");
        here.run("set", "k", "a", "2");
        here.run("set", "k", "ab", "3");
        here.run("delete", "k", "a");
        assertThat(types(here.run("watch", "--after", "0", "--count", "4")))
                .containsExactly("created a 1", "updated a 2", "created ab 3", "deleted a 2");
        assertThat(types(here.run("watch", "--after", "1", "--types", "updated,DELETED", "--count", "2")))
                .containsExactly("updated a 2", "deleted a 2");
        assertThat(types(here.run("watch", "--after", "0", "--prefix", "ab", "--count", "1")))
                .containsExactly("created ab 3");
    }

    @Test
    void helpIsThereForEverything() {
        assertThat(here.run("--help").out()).contains("import").contains("Exit codes:");
        for (String command : List.of(
                "get",
                "set",
                "delete",
                "list",
                "keys",
                "kinds",
                "count",
                "watch",
                "import",
                "export",
                "demo",
                "generate-completion",
                "help")) {
            Result help = here.run(command, "--help");
            assertThat(help.code()).isZero();
            assertThat(help.out()).contains("Usage: tidemark " + command);
            assertThat(help.err()).isEmpty();
        }
        assertThat(here.run("--version").out()).startsWith("tidemark ");
        assertThat(here.run("generate-completion").out())
                .startsWith("#!/usr/bin/env bash")
                .contains("watch");
    }

    private static List<String> types(Result watched) {
        return watched.lines().stream()
                .map(Json::parse)
                .map(line -> line.path("type").asText() + " " + line.path("key").asText() + " " + line.path("value"))
                .toList();
    }

    private long tag(String key) {
        return Json.parse(here.run("get", "--entry", "k", key).out())
                .path("tag")
                .asLong();
    }
}
