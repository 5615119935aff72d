package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for events, on a SQLite file. */
class EventsTest {
    private static final String ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff";
    private static final String ORDER = "order/" + ID;

    @TempDir
    Path directory;

    private Here here;

    @BeforeEach
    void open() {
        here = open(directory);
    }

    Here open(Path in) {
        return new Here(in);
    }

    @Test
    void appendPrintsTheEventAsItIsStored() {
        Result appended =
                append("placed", "{\"b\":1.10,\"a\":\"\u00e9\"}", "--aggregate", ORDER, "--metadata", "user=ann");
        assertThat(appended.code()).isZero();
        JsonNode event = Json.parse(appended.out());
        assertThat(event.fieldNames())
                .toIterable()
                .containsExactly(
                        "position",
                        "id",
                        "name",
                        "time",
                        "aggregateName",
                        "aggregateId",
                        "aggregateVersion",
                        "data",
                        "metadata");
        assertThat(appended.out())
                .startsWith("{\"position\":1,")
                .contains("\"aggregateName\":\"order\",\"aggregateId\":\"" + ID + "\",\"aggregateVersion\":1,")
                .endsWith("\"data\":{\"a\":\"\u00e9\",\"b\":1.10},\"metadata\":{\"user\":\"ann\"}}\n");
        assertThat(here.run("events", "find", event.path("id").asText())).isEqualTo(appended);
        assertThat(here.run("events", "query").out()).isEqualTo(appended.out());
    }

    @Test
    void anEventNeedsNoAggregate() {
        JsonNode event = Json.parse(append("restarted", "{}", "--id", ID).out());
        assertThat(event.fieldNames()).toIterable().containsExactly("position", "id", "name", "time", "data");
        assertThat(append("restarted", "{}", "--id", ID))
                .isEqualTo(new Result(1, "", "tidemark: there is an event with the id " + ID + " already\n"));
    }

    @Test
    void appendReadsStandardInput() {
        assertThat(here.pipe("[1,\n2]\n", "events", "append", "said", "-").out())
                .contains("\"data\":[1,2]");
    }

    @Test
    void anAggregateHasToBeAsExpected() {
        append("placed", "1", "--aggregate", ORDER, "--expect", "0");
        Result refused = append("placed", "2", "--aggregate", ORDER, "--expect", "0");
        assertThat(refused).isEqualTo(new Result(1, "", "tidemark: " + ORDER + ": expected version 0, found 1\n"));
        assertThat(append("paid", "3", "--aggregate", ORDER, "--expect", "1").out())
                .contains("\"aggregateVersion\":2");
        assertThat(append("sent", "4", "--aggregate", ORDER).out()).contains("\"aggregateVersion\":3");
    }

    @Test
    void anAppendIdMakesItSafeToTryAgain() {
        Result first = append("placed", "1", "--aggregate", ORDER, "--append-id", "a");
        assertThat(append("placed", "1", "--aggregate", ORDER, "--append-id", "a"))
                .isEqualTo(first);
        Result other = append("placed", "2", "--aggregate", ORDER, "--append-id", "a");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("the append id 'a' was used to append something else");
        assertThat(here.run("events", "query").lines()).hasSize(1);
    }

    @Test
    void queriesFilterAndSort() {
        append("placed", "1", "--aggregate", ORDER);
        append("placed", "2", "--aggregate", "order/00000000-0000-0000-0000-000000000001");
        append("paid", "3", "--aggregate", ORDER);
        append("opened", "4", "--aggregate", "shop/" + ID);
        append("restarted", "5");
        assertThat(data("--name", "placed", "--name", "paid")).containsExactly(1, 2, 3);
        assertThat(data("--aggregate", ORDER)).containsExactly(1, 3);
        assertThat(data("--aggregate", "order")).containsExactly(1, 2, 3);
        assertThat(data("--aggregate", "shop", "--aggregate", ORDER)).containsExactly(1, 3, 4);
        assertThat(data("--min-version", "2")).containsExactly(3);
        assertThat(data("--max-version", "0")).containsExactly(5);
        assertThat(data("--sort=-time")).containsExactly(5, 4, 3, 2, 1);
        assertThat(data("--sort", "aggregate-name,-aggregate-version", "--limit", "2"))
                .containsExactly(5, 3);
        assertThat(data("--until", "2001-01-01T00:00:00Z")).isEmpty();
        assertThat(data("--since", "2001-01-01T00:00:00Z", "--limit", "1")).containsExactly(1);
    }

    @Test
    void tablesAreApart() {
        here.run("events", "--table", "other", "append", "said", "1");
        assertThat(here.run("events", "query").out()).isEmpty();
        assertThat(here.run("events", "query", "--table", "other").lines()).hasSize(1);
    }

    @Test
    void whatIsMissingIsExit1() {
        assertThat(here.run("events", "find", ID)).isEqualTo(new Result(1, "", "tidemark: not found: " + ID + "\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "events",
                "events append said nonsense",
                "events append said 1 --aggregate order",
                "events append said 1 --aggregate order/1-2-3-4-5",
                "events append said 1 --expect 1",
                "events find 1-1-1-1-1",
                "events query --sort size",
                "events query --since yesterday",
                "events query --limit -1",
                "events subscribe --count 0",
                "--namespace 3 events query"
            })
    void badInputIsExit2(String command) {
        Result refused = here.run(command.split(" ", -1));
        assertThat(refused.code()).as(refused.err()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).startsWith("tidemark: ");
    }

    @Test
    void aSubscriptionSeesWhatOtherProcessesAppend() {
        append("said", "1");
        try (CliProcess subscription = CliProcess.start(
                directory, "--store", here.store(), "events", "subscribe", "--after", "0", "--count", "4")) {
            subscription.read();
            assertThat(subscription.nextErr()).isEqualTo("subscribed");
            append("said", "2");
            CliProcess.run(directory, "--store", here.store(), "events", "append", "said", "3");
            append("said", "4");
            for (int i = 1; i <= 4; i++) {
                JsonNode event = Json.parse(subscription.nextOut());
                assertThat(event.path("position").asInt()).isEqualTo(i);
                assertThat(event.path("data").asInt()).isEqualTo(i);
            }
            assertThat(subscription.exitCode()).isZero();
        }
    }

    @Test
    void aSignalEndsASubscriptionWithExit0() {
        append("said", "1");
        try (CliProcess subscription = CliProcess.start(directory, "--store", here.store(), "events", "subscribe")) {
            subscription.read();
            assertThat(subscription.nextErr()).isEqualTo("subscribed");
            append("said", "2");
            assertThat(subscription.nextOut()).contains("\"data\":2");
            subscription.process().destroy();
            assertThat(subscription.exitCode()).isZero();
        }
    }

    private Result append(String... arguments) {
        List<String> all = new ArrayList<>(List.of("events", "append"));
        all.addAll(List.of(arguments));
        return here.run(all.toArray(String[]::new));
    }

    private List<Integer> data(String... arguments) {
        List<String> all = new ArrayList<>(List.of("events", "query"));
        all.addAll(List.of(arguments));
        Result result = here.run(all.toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return result.lines().stream()
                .map(line -> Json.parse(line).path("data").asInt())
                .toList();
    }
}
