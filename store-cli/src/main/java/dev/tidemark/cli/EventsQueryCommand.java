package dev.tidemark.cli;

import dev.tidemark.event.Event;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "query",
        description = "Print the events that all filters accept, one JSON object a line; by position unless sorted.",
        sortOptions = false)
final class EventsQueryCommand implements Runnable {
    private final EventsCommand events;

    @Mixin
    private EventFilterOptions filter = new EventFilterOptions();

    @Option(
            names = "--sort",
            split = ",",
            paramLabel = "KEY",
            description = "By time, aggregate-name, aggregate-id or aggregate-version; with a minus before it, as in "
                    + "--sort=-time, large before small. May be repeated.")
    private List<String> sorts = List.of();

    @Option(names = "--limit", paramLabel = "N", description = "At most N events.")
    private long limit = Long.MAX_VALUE;

    EventsQueryCommand(EventsCommand events) {
        this.events = events;
    }

    @Override
    public void run() {
        if (limit < 0) {
            throw new InputException("--limit must not be negative, but is " + limit);
        }
        EventQuery query = filter.toQuery().withSorts(sorts());
        Output out = events.terminal().out();
        try (Session session = events.open();
                Stream<Event<?>> stream = events.events(session).query(query)) {
            stream.limit(limit).forEachOrdered(event -> out.line(Json.event(event)));
        }
    }

    private EventSort[] sorts() {
        List<EventSort> keys = new ArrayList<>();
        for (String sort : sorts) {
            boolean descending = sort.startsWith("-");
            keys.add(new EventSort(key(descending ? sort.substring(1) : sort), descending));
        }
        return keys.toArray(EventSort[]::new);
    }

    private static EventSort.Key key(String name) {
        return switch (name) {
            case "time" -> EventSort.Key.TIME;
            case "aggregate-name" -> EventSort.Key.AGGREGATE_NAME;
            case "aggregate-id" -> EventSort.Key.AGGREGATE_ID;
            case "aggregate-version" -> EventSort.Key.AGGREGATE_VERSION;
            default ->
                throw new InputException(
                        "--sort takes time, aggregate-name, aggregate-id and aggregate-version, not '" + name + "'");
        };
    }
}
