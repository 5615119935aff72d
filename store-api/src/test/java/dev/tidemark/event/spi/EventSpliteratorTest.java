package dev.tidemark.event.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.Codec;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.StoreUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** Results of a query, of which a page can't be read. */
class EventSpliteratorTest {
    private static final EventTypes TYPES = EventTypes.none().with("said", String.class, new Text());

    @Test
    void e5_aFaultIsNotTheEndOfTheResults() {
        EventMapper mapper = new EventMapper(TYPES, EventStoreOptions.defaults());
        Iterator<Event<?>> results = StreamSupport.stream(new EventSpliterator(new Faulty(), mapper), false)
                .iterator();
        List<Object> said = new ArrayList<>();
        said.add(results.next().data());
        assertThatThrownBy(results::hasNext).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(results::hasNext)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("query again")
                .hasCauseInstanceOf(StoreUnavailableException.class);
        assertThat(said).containsExactly("1");
    }

    /** A page of one event, a fault, and nothing more. */
    private static final class Faulty implements EventCursor {
        private int calls;

        @Override
        public List<StoredEvent> next(int limit) {
            calls++;
            return switch (calls) {
                case 1 -> List.of(event(1));
                case 2 -> throw new StoreUnavailableException("made on purpose");
                default -> List.of();
            };
        }

        @Override
        public void close() {}

        private static StoredEvent event(int number) {
            byte[] data = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
            return new StoredEvent(new UUID(0, number), "said", 0, null, 0, data, Map.of(), number);
        }
    }

    private static final class Text implements Codec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
