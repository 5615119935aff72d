package dev.tidemark.store.tck.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.event.Aggregate;
import dev.tidemark.event.AggregateId;
import dev.tidemark.event.AggregateRepository;
import dev.tidemark.event.AggregateType;
import dev.tidemark.event.Appended;
import dev.tidemark.event.Event;
import dev.tidemark.event.EventBatch;
import dev.tidemark.event.EventConflictException;
import dev.tidemark.event.EventQuery;
import dev.tidemark.event.EventSort;
import dev.tidemark.event.EventStore;
import dev.tidemark.event.EventTypes;
import dev.tidemark.event.ExpectedVersion;
import dev.tidemark.event.ModelRepository;
import dev.tidemark.event.SnapshotSchedule;
import dev.tidemark.event.SnapshotStore;
import dev.tidemark.event.Subscription;
import dev.tidemark.event.SubscriptionOptions;
import dev.tidemark.store.Backend;
import dev.tidemark.store.Backends;
import dev.tidemark.store.Store;
import dev.tidemark.store.WriteBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The samples of docs/events.md, run. */
class OrderEventsTest {
    record OrderPlaced(String customer) {}

    record ItemAdded(String item, long cents) {}

    record OrderShipped(String carrier) {}

    record OrderCancelled(String reason) {}

    record OrderReopened(String reason) {}

    /** An order as its events make it. */
    record Order(String customer, List<String> items, long cents, boolean shipped) {
        static Order none(UUID id) {
            return new Order("", List.of(), 0, false);
        }

        Order after(Object event) {
            if (event instanceof OrderPlaced placed) {
                return new Order(placed.customer(), items, cents, shipped);
            }
            if (event instanceof ItemAdded added) {
                List<String> more = new ArrayList<>(items);
                more.add(added.item());
                return new Order(customer, List.copyOf(more), cents + added.cents(), shipped);
            }
            return event instanceof OrderShipped ? new Order(customer, items, cents, true) : this;
        }
    }

    /** What a customer ordered, for a page that shows it. */
    record Spending(long orders, long cents) {}

    private static final EventTypes TYPES = EventTypes.none()
            .with("order.placed", OrderPlaced.class, JsonCodec.of(OrderPlaced.class))
            .with("order.item_added", ItemAdded.class, JsonCodec.of(ItemAdded.class))
            .with("order.shipped", OrderShipped.class, JsonCodec.of(OrderShipped.class))
            .with("order.cancelled", OrderCancelled.class, JsonCodec.of(OrderCancelled.class))
            .with("order.reopened", OrderReopened.class, JsonCodec.of(OrderReopened.class));

    private static final AggregateType<Order> ORDER = AggregateType.of("order", Order::none, Order::after)
            .withSoftDelete(OrderCancelled.class, OrderReopened.class);

    private Backend backend;
    private EventStore events;

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

        assertThat(third.version()).isEqualTo(3);
        assertThatThrownBy(() -> events.append(order, ExpectedVersion.exactly(2), new OrderShipped("post")))
                .isInstanceOf(EventConflictException.class); // says that 2 was expected and 3 found

        EventBatch batch = new EventBatch()
                .append(order, ExpectedVersion.ANY, new OrderShipped("post"))
                .metadata(Event.USER, "bob")
                .appendId("ship " + order.id()); // trying again writes nothing, and returns the same
        assertThat(events.write(batch).repeated()).isFalse();
        assertThat(events.write(batch).repeated()).isTrue();
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
                .withSorts(EventSort.descending(EventSort.Key.TIME));
        try (Stream<Event<?>> found = events.query(lastDay)) { // a page in memory, whatever the size of the table
            found.forEach(event -> lines.add(event.position() + " " + event.name() + " " + event.data()));
        }

        assertThat(lines).hasSize(2);
    }

    @Test
    void aggregatesWithSnapshots() {
        Store<Order> states = backend.store(JsonCodec.of(Order.class));
        AggregateRepository<Order> orders = AggregateRepository.over(events, ORDER)
                .withSnapshots(SnapshotStore.over(states, "order"), SnapshotSchedule.every(100))
                .withRetries(3);
        UUID id = UUID.randomUUID();

        orders.use(id, order -> order.record(new OrderPlaced("ann"), new ItemAdded("tea", 450)));
        Aggregate<Order> shipped = orders.use(id, order -> {
            if (order.state().items().isEmpty()) {
                throw new IllegalStateException("there is nothing to ship");
            }
            order.record(new OrderShipped("post"));
        });

        assertThat(shipped.version()).isEqualTo(3);
        assertThat(shipped.state()).isEqualTo(new Order("ann", List.of("tea"), 450, true));
        assertThat(orders.fetch(id, 2).state().shipped()).isFalse();
        orders.softDelete(id, new OrderCancelled("sent back"));
        assertThat(orders.query(EventQuery.all())).isEmpty();
        assertThat(orders.restore(id, new OrderReopened("a mistake")).version()).isEqualTo(5);
    }

    @Test
    void projection() {
        Store<Spending> spendings = backend.store(JsonCodec.of(Spending.class));
        ModelRepository<String, Spending> models = ModelRepository.<String, Spending>over(spendings, "spending")
                .withFactory(customer -> new Spending(0, 0));
        AggregateRepository<Order> orders = AggregateRepository.over(events, ORDER);
        EventQuery ofOrders = EventQuery.all().withAggregateNames("order");

        Subscription projection = events.subscribe(
                SubscriptionOptions.fromStart().withName("spending").withFilter(ofOrders), (event, transaction) -> {
                    Order before = orders.fetch(event.aggregate().id(), event.version() - 1)
                            .state();
                    Order after = before.after(event.data());
                    Spending spending = models.fetch(after.customer());
                    Spending more = new Spending(
                            spending.orders() + (event.version() == 1 ? 1 : 0),
                            spending.cents() + after.cents() - before.cents());
                    transaction.write(
                            spendings, models.saving(after.customer(), more)); // with the checkpoint: exactly once
                });

        orders.use(UUID.randomUUID(), order -> order.record(new OrderPlaced("ann"), new ItemAdded("tea", 450)));
        orders.use(UUID.randomUUID(), order -> order.record(new OrderPlaced("ann"), new ItemAdded("cup", 1_200)));
        Awaitility.await().untilAsserted(() -> assertThat(models.find("ann")).contains(new Spending(2, 1_650)));
        projection.close();
        assertThat(projection.failure()).isEmpty();
    }

    @Test
    void transactions() {
        Store<Spending> spendings = backend.store(JsonCodec.of(Spending.class));
        AggregateId order = AggregateId.random("order");

        backend.transact(transaction -> {
            transaction.write(events, new EventBatch().append(order, ExpectedVersion.NONE, new OrderPlaced("ann")));
            transaction.write(spendings, new WriteBatch<Spending>().create("spending", "ann", new Spending(1, 0)));
            return order;
        });

        assertThat(events.version(order)).isEqualTo(1);
        assertThat(spendings.get("spending", "ann")).isPresent();
    }

    @Test
    void upcasting() {
        record Ordered(String who) {}
        EventStore before =
                backend.events(EventTypes.none().with("ordered", Ordered.class, JsonCodec.of(Ordered.class)));
        before.append(AggregateId.random("order"), ExpectedVersion.NONE, new Ordered("ann"));

        EventTypes types = TYPES.withUpcaster(
                "ordered", JsonCodec.of(Ordered.class), "order.placed", old -> new OrderPlaced(old.who()));
        EventStore now = backend.events(types);
        List<Event<?>> placed = now.list(EventQuery.all().withNames("order.placed")); // finds the old ones, too

        assertThat(placed).hasSize(1);
        assertThat(placed.get(0).data()).isEqualTo(new OrderPlaced("ann"));
    }

    @Test
    void following() {
        List<String> seen = new CopyOnWriteArrayList<>();
        long position = events.insert(Event.of("order.shipped", new OrderShipped("post")))
                .position();

        try (Subscription subscription =
                events.subscribe(SubscriptionOptions.after(position), event -> seen.add(event.name()))) {
            events.append(AggregateId.random("order"), ExpectedVersion.NONE, new OrderPlaced("ann"));
            Awaitility.await().untilAsserted(() -> assertThat(seen).containsExactly("order.placed"));
            assertThat(subscription.isActive()).isTrue();
        }
    }
}
