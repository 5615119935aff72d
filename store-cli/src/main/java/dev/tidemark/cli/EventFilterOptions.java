package dev.tidemark.cli;

import dev.tidemark.event.AggregateRef;
import dev.tidemark.event.EventQuery;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events a command is about. */
final class EventFilterOptions {
    @Option(names = "--name", paramLabel = "NAME", description = "Only events with this name; may be repeated.")
    private List<String> names = List.of();

    @Option(
            names = "--aggregate",
            paramLabel = "NAME[/ID]",
            converter = Aggregates.class,
            description = "Only events of this aggregate, or of all with this name; may be repeated.")
    private List<AggregateRef> aggregates = List.of();

    @Option(names = "--min-version", paramLabel = "N", description = "Only events at this version or above.")
    private @Nullable Integer minVersion;

    @Option(names = "--max-version", paramLabel = "N", description = "Only events at this version or below.")
    private @Nullable Integer maxVersion;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only events at this time or later: 2026-01-31T12:00:00Z.")
    private @Nullable Instant since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only events at this time or earlier.")
    private @Nullable Instant until;

    EventQuery toQuery() {
        EventQuery query = EventQuery.all().withNames(names).withAggregates(aggregates.toArray(AggregateRef[]::new));
        query = minVersion == null ? query : query.withMinVersion(minVersion);
        query = maxVersion == null ? query : query.withMaxVersion(maxVersion);
        query = since == null ? query : query.withMinTime(since);
        return until == null ? query : query.withMaxTime(until);
    }
}
