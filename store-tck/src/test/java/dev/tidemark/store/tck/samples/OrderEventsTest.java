package dev.tidemark.store.tck.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.Aggregate;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRepository;
import dev.tidemark.event.AppendIdReusedException;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventHook;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventStoreOptions;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.SnapshotSchedule;
import dev.tidemark.event.SnapshotStore;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Backends;
import dev.tidemark.store.ConflictException;
import dev.tidemark.store.Store;
import dev.tidemark.store.Transaction;
import dev.tidemark.store.WriteBatch;
import dev.tidemark.store.tck.samples.OrderExample.ItemAdded;
import dev.tidemark.store.tck.samples.OrderExample.Order;
import dev.tidemark.store.tck.samples.OrderExample.OrderCancelled;
import dev.tidemark.store.tck.samples.OrderExample.OrderPlaced;
import dev.tidemark.store.tck.samples.OrderExample.OrderReopened;
import dev.tidemark.store.tck.samples.OrderExample.OrderShipped;
import dev.tidemark.store.tck.samples.OrderExample.Sales;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The samples of docs/events.md, run; the worked example is {@link OrderExample}. */
class OrderEventsTest {
    private static final EventTypes TYPES = OrderExample.TYPES;

    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> mails = new CopyOnWriteArrayList<>();

    private Backend backend;
    private EventStore events;

    @BeforeAll
    static void bePatient() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    }

    @BeforeEach
    void open() {
        backend = Backends.open("memory:");
        events = backend.events(TYPES);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Test
    void appending() {
        AggregateId order = AggregateId.random("order");
        events.append(order, ExpectedVersion.NONE, new OrderPlaced("ann"), new ItemAdded("tea", 450));
        Appended third = events.append(order, ExpectedVersion.exactly(2), new ItemAdded("cup", 1_200));
        try {
            events.append(order, ExpectedVersion.exactly(2), new OrderShipped("post"));
        } catch (EventConflictException overtaken) { // order/…: expected version 2, found 3
            events.append(order, ExpectedVersion.ANY, new OrderShipped("post"));
        }

        assertThat(third.version()).isEqualTo(3);
        assertThat(events.version(order)).isEqualTo(4);
        assertThatThrownBy(() -> events.append(order, ExpectedVersion.exactly(2), new OrderShipped("post")))
                .hasMessage(order + ": expected version 2, found 4");
    }

    @Test
    void batches() {
        AggregateId first = AggregateId.random("order");
        AggregateId second = AggregateId.random("order");
        Instant yesterday = Instant.parse("2026-01-01T00:00:00Z");
        events.append(first, ExpectedVersion.NONE, new OrderPlaced("ann"));

        EventBatch batch = new EventBatch()
                .append(first, ExpectedVersion.exactly(1), new OrderCancelled("see " + second.id()))
                .append(
                        second,
                        ExpectedVersion.NONE,
                        Event.of("order.placed", new OrderPlaced("ann")).withTime(yesterday))
                .metadata(Event.USER, "bob");
        Appended both = events.write(batch);

        assertThat(both.events()).extracting(Event::aggregate).containsExactly(first, second);
        assertThat(both.events())
                .extracting(event -> event.metadata().get(Event.USER))
                .containsOnly("bob");
        assertThat(both.events().get(1).time()).isEqualTo(yesterday);
    }

    @Test
    void appendIds() {
        AggregateId order = AggregateId.random("order");
        events.append(order, ExpectedVersion.NONE, new OrderPlaced("ann"), new ItemAdded("tea", 450));

        EventBatch shipping = new EventBatch()
                .append(order, ExpectedVersion.exactly(2), new OrderShipped("post"))
                .appendId("ship " + order.id());
        Appended once = events.write(shipping);
        Appended again = events.write(shipping); // no conflict, though the order is at version 3 by now

        assertThat(once.repeated()).isFalse();
        assertThat(again).isEqualTo(new Appended(once.events(), true));
        EventBatch other = new EventBatch()
                .append(order, ExpectedVersion.ANY, new OrderShipped("train"))
                .appendId("ship " + order.id());
        assertThatThrownBy(() -> events.write(other)).isInstanceOf(AppendIdReusedException.class);
    }

    @Test
    void querying() {
        AggregateId order = AggregateId.random("order");
        events.append(order, ExpectedVersion.NONE, new OrderPlaced("ann"), new ItemAdded("tea", 450));
        List<String> lines = new ArrayList<>();

        EventQuery lastDay = EventQuery.all()
                .withAggregateNames("order")
                .withNames("order.placed", "order.item_added")
                .withAfter(Instant.now().minus(Duration.ofDays(1)))
                .withSorts(EventSort.ascending(EventSort.Key.AGGREGATE_ID), EventSort.descending(EventSort.Key.TIME));
        try (Stream<Event<?>> found = events.query(lastDay)) {
            found.forEach(event -> lines.add(event.position() + " " + event.name() + " " + event.data()));
        }

        assertThat(lines).hasSize(2);
        EventQuery fromTheLower =
                EventQuery.ofAggregate(order).withMinVersion(2).withMinVersion(1);
        assertThat(events.list(fromTheLower)).hasSize(2);
    }

    @Test
    void following() {
        long position = events.insert(Event.of("order.shipped", new OrderShipped("post")))
                .position();

        Subscription plain = events.subscribe(SubscriptionOptions.after(position), event -> seen.add(event.name()));
        Subscription named = events.subscribe(
                SubscriptionOptions.fromStart().withName("mails"), event -> mails.add("mail about " + event.id()));

        events.append(AggregateId.random("order"), ExpectedVersion.NONE, new OrderPlaced("ann"));
        Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly("order.placed"));
        Awaitility.await().untilAsserted(() -> assertThat(mails).hasSize(2));
        plain.close();
        named.close();
        try (Subscription resumed = events.subscribe(
                SubscriptionOptions.fromStart().withName("mails"), event -> mails.add("mail about " + event.id()))) {
            events.append(AggregateId.random("order"), ExpectedVersion.NONE, new OrderPlaced("bob"));
            Awaitility.await().until(() -> resumed.position() == events.position());
        }
        assertThat(mails).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void transactions() {
        Store<Sales> sales = backend.store(JsonCodec.of(Sales.class));
        AggregateId order = AggregateId.random("order");

        backend.transact(transaction -> {
            transaction.write(events, new EventBatch().append(order, ExpectedVersion.NONE, new OrderPlaced("ann")));
            transaction.write(sales, new WriteBatch<Sales>().create("sales", "tea", new Sales(0, 0)));
            transaction.unwrap(Connection.class).ifPresent(connection -> audit(connection, "ann placed an order"));
            return order;
        });

        assertThat(events.version(order)).isEqualTo(1);
        assertThat(sales.get("sales", "tea")).isPresent();
        assertThatThrownBy(() -> backend.transact(transaction -> {
                    transaction.write(
                            events, new EventBatch().append(order, ExpectedVersion.ANY, new OrderShipped("")));
                    transaction.write(sales, new WriteBatch<Sales>().create("sales", "tea", new Sales(0, 0)));
                    return order;
                }))
                .isInstanceOf(ConflictException.class);
        assertThat(events.version(order)).isEqualTo(1);
    }

    private static void audit(Connection connection, String what) {
        try (PreparedStatement statement = connection.prepareStatement("SELECT ?")) {
            statement.setString(1, what);
            statement.executeQuery().close();
        } catch (SQLException failure) {
            throw new IllegalStateException("the audit failed", failure);
        }
    }

    @Test
    void hooks() {
        Store<String> index = backend.store(JsonCodec.of(String.class));

        EventStoreOptions options = EventStoreOptions.defaults().withHook(new EventHook() {
            @Override
            public void after(Transaction transaction, List<Event<?>> inserted) {
                for (Event<?> event : inserted) {
                    transaction.write(
                            index,
                            new WriteBatch<String>().set("names", event.id().toString(), event.name()));
                }
            }
        });
        EventStore indexed = backend.events(TYPES, options);

        Appended placed = indexed.append(AggregateId.random("order"), ExpectedVersion.NONE, new OrderPlaced("ann"));
        String id = placed.events().get(0).id().toString();
        assertThat(index.get("names", id)).contains("order.placed");
    }

    @Test
    void aggregates() {
        SnapshotStore<Order> snapshots = SnapshotStore.over(backend.store(JsonCodec.of(Order.class)), "order");
        AggregateRepository<Order> orders = AggregateRepository.over(events, OrderExample.ORDER)
                .withSnapshots(snapshots, SnapshotSchedule.every(2));
        UUID id = UUID.randomUUID();
        orders.use(id, order -> order.record(new OrderPlaced("ann"), new ItemAdded("tea", 450)));

        Aggregate<Order> fetched = orders.fetch(id); // version 0 and the initial state when there are no events
        fetched.record(new ItemAdded("cup", 1_200));
        orders.save(fetched); // EventConflictException: fetch it anew

        orders.softDelete(id, new OrderCancelled("sent back")); // fetch: AggregateNotFoundException
        Order before = orders.fetch(id, 2).state(); // its past is still there
        Order restored = orders.restore(id, new OrderReopened("a mistake")).state();
        orders.delete(id); // its events are gone for good, and its snapshots

        assertThat(before).isEqualTo(new Order("ann", List.of("tea"), 450, false));
        assertThat(restored.items()).containsExactly("tea", "cup");
        assertThat(orders.fetch(id).version()).isZero();
        assertThat(snapshots.latest(id)).isEmpty();
    }

    @Test
    void upcasting() {
        record Ordered(String who) {}
        EventStore before = backend.events(EventTypes.none()
                .with("ordered", Ordered.class, JsonCodec.of(Ordered.class))
                .with("order.sent", OrderShipped.class, JsonCodec.of(OrderShipped.class)));
        before.append(AggregateId.random("order"), ExpectedVersion.NONE, new Ordered("ann"), new OrderShipped("post"));

        EventTypes types = TYPES.withRenamed("order.sent", "order.shipped") // the data is the same
                .withUpcaster(
                        "ordered", JsonCodec.of(Ordered.class), "order.placed", old -> new OrderPlaced(old.who()));
        EventStore now = backend.events(types);
        List<Event<?>> placed = now.list(EventQuery.all().withNames("order.placed")); // finds the old ones, too

        assertThat(placed).hasSize(1);
        assertThat(placed.get(0).data()).isEqualTo(new OrderPlaced("ann"));
        assertThat(now.list(EventQuery.all())).extracting(Event::name).containsExactly("order.placed", "order.shipped");
    }

    @Test
    void moving() {
        AggregateId order = AggregateId.random("order");
        for (int i = 0; i < 1_500; i++) {
            events.append(order, ExpectedVersion.exactly(i), new ItemAdded("tea", i));
        }
        try (Backend other = Backends.open("memory:")) {
            EventStore target = other.events(TYPES);
            target.insert(Event.of("order.shipped", new OrderShipped("post")));
            copy(events, target);
            List<Event<?>> copied = target.list(EventQuery.ofAggregate(order));
            assertThat(copied).isSortedAccordingTo(Comparator.comparingLong(Event::position));
            assertThat(copied).extracting(Event::position).doesNotContain(1L);
            assertThat(copied)
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("position")
                    .isEqualTo(events.list(EventQuery.ofAggregate(order)));
        }
    }

    static void copy(EventStore source, EventStore target) {
        List<Event<?>> page = new ArrayList<>();
        try (Stream<Event<?>> all = source.query(EventQuery.all())) {
            all.forEachOrdered(event -> {
                page.add(event);
                if (page.size() == 1_000) {
                    target.insert(page);
                    page.clear();
                }
            });
        }
        target.insert(page);
    }
}
