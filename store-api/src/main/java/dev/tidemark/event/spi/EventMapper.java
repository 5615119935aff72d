package dev.tidemark.event.spi;

import dev.tidemark.codec.CodecException;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTime;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.UndecodableEventException;
import dev.tidemark.event.UnregisteredEventException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.ValueTooLargeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Takes events to what an engine stores and back, with failures located. */
final class EventMapper {
    private final EventTypes types;
    private final int maxDataBytes;

    EventMapper(EventTypes types, EventStoreOptions options) {
        this.types = types;
        this.maxDataBytes = options.maxDataBytes();
    }

    /**
     * A batch that was encoded.
     *
     * @param events its events, those that are appended with their aggregate and version 0
     * @param write what an engine writes
     */
    record Draft(List<Event<?>> events, EventWrite write) {}

    Draft draft(EventBatch batch) {
        List<Event<?>> events = new ArrayList<>();
        List<NewEvent> rows = new ArrayList<>();
        List<EventWrite.Expectation> expectations = new ArrayList<>();
        for (EventBatch.Step step : batch.steps()) {
            if (step instanceof EventBatch.Insert insert) {
                Event<?> event = withMetadata(insert.event(), batch.metadata());
                events.add(event);
                rows.add(row(event, event.version()));
            } else if (step instanceof EventBatch.Append append
                    && !append.data().isEmpty()) {
                expectations.add(new EventWrite.Expectation(append.aggregate(), append.expected()));
                for (Object data : append.data()) {
                    Event<?> event = withMetadata(event(data, append.aggregate()), batch.metadata());
                    events.add(event);
                    rows.add(row(event, NewEvent.NEXT));
                }
            }
        }
        AppendKey key = batch.appendId()
                .map(id -> new AppendKey(id, PayloadDigest.of(rows)))
                .orElse(null);
        return new Draft(events, new EventWrite(rows, expectations, key));
    }

    /** The events of a draft as they were stored. */
    static List<Event<?>> stored(Draft draft, EventReceipt receipt) {
        List<Event<?>> stored = new ArrayList<>();
        for (int i = 0; i < draft.events().size(); i++) {
            stored.add(at(draft.events().get(i), receipt.events().get(i)));
        }
        return stored;
    }

    Event<?> toEvent(StoredEvent stored) {
        try {
            EventTypes.Decoded decoded = types.decode(stored.name(), stored.data());
            return new Event<>(
                    stored.id(),
                    decoded.name(),
                    EventTime.toInstant(stored.time()),
                    decoded.data(),
                    stored.aggregate(),
                    stored.version(),
                    stored.metadata(),
                    stored.position());
        } catch (CodecException | UnregisteredEventException failure) {
            throw undecodable(stored, failure);
        } catch (IllegalArgumentException noEvent) {
            throw undecodable(stored, new CodecException("no event can be so: " + noEvent.getMessage(), noEvent));
        }
    }

    private static UndecodableEventException undecodable(StoredEvent stored, StoreException failure) {
        return new UndecodableEventException(stored.id(), stored.name(), stored.position(), failure);
    }

    private Event<?> event(Object data, AggregateId aggregate) {
        Event<?> event = data instanceof Event<?> whole ? whole : Event.of(types.nameOf(data), data);
        return event.withAggregate(aggregate, 0);
    }

    private NewEvent row(Event<?> event, int version) {
        byte[] data = types.encode(event.name(), event.data());
        long bytes = data.length + bytesOf(event.metadata());
        if (bytes > maxDataBytes) {
            throw new ValueTooLargeException(
                    "event " + event.id() + " ('" + event.name() + "')",
                    bytes,
                    maxDataBytes,
                    "EventStoreOptions.withMaxDataBytes");
        }
        long time = EventTime.toNanos(event.time());
        return new NewEvent(event.id(), event.name(), time, event.aggregate(), version, data, event.metadata());
    }

    private static long bytesOf(Map<String, String> metadata) {
        long bytes = 0;
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
            bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        return bytes;
    }

    private static Event<?> withMetadata(Event<?> event, Map<String, String> common) {
        if (common.isEmpty()) {
            return event;
        }
        Map<String, String> merged = new TreeMap<>(common);
        merged.putAll(event.metadata());
        return event.withMetadata(merged);
    }

    private static <D> Event<D> at(Event<D> event, StoredEvent stored) {
        return new Event<>(
                event.id(),
                event.name(),
                event.time(),
                event.data(),
                event.aggregate(),
                stored.version(),
                event.metadata(),
                stored.position());
    }
}
