package dev.tidemark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.ExpectedVersion;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "append",
        description = {
            "Append an event, and print it as it is stored.",
            "",
            "Exit 1 if its aggregate is not at the expected version, or its id is taken.",
            ""
        },
        sortOptions = false)
final class EventsAppendCommand implements Runnable {
    private final EventsCommand events;

    @Parameters(index = "0", paramLabel = "NAME", description = "What happened.")
    private String name = "";

    @Parameters(
            index = "1",
            paramLabel = "DATA",
            description = "The data as JSON, so a string has quotes: '\"text\"'. - reads it from standard input.")
    private String data = "";

    @Option(
            names = "--aggregate",
            paramLabel = "NAME/ID",
            converter = Aggregates.class,
            description = "What it happened to; the event gets the version that follows.")
    private @Nullable AggregateRef aggregate;

    @Option(
            names = "--expect",
            paramLabel = "VERSION",
            description = "Only if the aggregate is at this version; 0 for a new one.")
    private @Nullable Integer expected;

    @Option(
            names = "--id",
            paramLabel = "ID",
            converter = Aggregates.Ids.class,
            description = "The event's id; random by default.")
    private @Nullable UUID id;

    @Option(
            names = "--append-id",
            paramLabel = "TEXT",
            description =
                    "Makes it safe to try again: what was appended with this text before is printed, not appended again.")
    private @Nullable String appendId;

    @Option(names = "--metadata", paramLabel = "KEY=VALUE", description = "What surrounds it, such as user=ann.")
    private Map<String, String> metadata = Map.of();

    EventsAppendCommand(EventsCommand events) {
        this.events = events;
    }

    @Override
    public void run() {
        EventBatch batch = batch();
        Output out = events.terminal().out();
        try (Session session = events.open()) {
            events.events(session).write(batch).events().forEach(event -> out.line(Json.event(event)));
        }
    }

    private EventBatch batch() {
        Event<JsonNode> event = Event.of(name, parsed()).withMetadata(metadata);
        if (id != null) {
            event = event.withId(id);
        }
        EventBatch batch = new EventBatch();
        if (appendId != null) {
            batch.appendId(appendId);
        }
        if (aggregate == null) {
            if (expected != null) {
                throw new InputException("--expect needs --aggregate");
            }
            return batch.insert(event);
        }
        if (aggregate.id() == null) {
            throw new InputException("--aggregate needs NAME/ID, not only a name");
        }
        ExpectedVersion version = expected == null ? ExpectedVersion.ANY : ExpectedVersion.exactly(expected);
        return batch.append(new AggregateId(aggregate.name(), aggregate.id()), version, event);
    }

    private JsonNode parsed() {
        String text = data.equals("-") ? TextInput.readAll(events.terminal().in()) : data;
        try {
            return Json.codec().decode(Json.codec().encode(Json.parse(text))); // as it is stored
        } catch (InputException failure) {
            throw new InputException("the data is " + failure.getMessage(), failure);
        }
    }
}
