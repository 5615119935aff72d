package dev.tidemark.store.tck.broken;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventHandler;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Event stores that take no notice of the names of events. */
final class BrokenEventNames {
    private BrokenEventNames() {}

    static Stream<BrokenEvents> all() {
        return Stream.of(
                BrokenEvents.store("e7", "a name does not count as payload", BrokenEventNames::comparingData),
                new BrokenEvents("e12", "a subscription knows present names only", BrokenEventNames::ofThePresent));
    }

    private static EventStore comparingData(EventStore store) {
        Map<String, List<Object>> written = new ConcurrentHashMap<>();
        return new ForwardingEventStore(store) {
            @Override
            public Appended write(EventBatch batch) {
                if (batch.appendId().isEmpty()) {
                    return store.write(batch);
                }
                String id = batch.appendId().orElseThrow();
                List<Object> data = data(batch);
                if (data.equals(written.get(id))) {
                    return new Appended(List.of(), true);
                }
                Appended appended = store.write(batch);
                written.put(id, data);
                return appended;
            }
        };
    }

    /** The data of a batch whose events have names of their own. */
    private static List<Object> data(EventBatch batch) {
        return batch.steps().stream()
                .filter(EventBatch.Append.class::isInstance)
                .flatMap(step -> ((EventBatch.Append) step).data().stream())
                .<Object>map(data -> data instanceof Event<?> event ? event.data() : new Object())
                .toList();
    }

    private static final Codec<byte[]> BYTES = new Codec<>() {
        @Override
        public byte[] encode(byte[] value) {
            return value;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    };

    private static EventRig ofThePresent() {
        return new EventRig() {
            @Override
            EventStore decorate(EventStore store, EventStoreOptions options) {
                EventStore stored = memory.events(EventTypes.none().withOthers(byte[].class, BYTES), options);
                return new ForwardingEventStore(store) {
                    @Override
                    public Subscription subscribe(SubscriptionOptions wanted, EventHandler handler) {
                        Set<String> names = wanted.filter().names();
                        return store.subscribe(wanted, event -> {
                            String name = stored.find(event.id()).orElseThrow().name();
                            if (names.isEmpty() || names.contains(name)) {
                                handler.handle(event);
                            }
                        });
                    }
                };
            }
        };
    }
}
