package dev.tidemark.codec.samples;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Types to encode, for the tests of all codecs on Jackson. */
public final class Samples {
    private Samples() {}

    public record User(String name, String email, int age) {}

    public record Times(
            Instant instant,
            LocalDate date,
            LocalDateTime local,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Duration duration) {}

    public record Numbers(long whole, double floating, BigInteger big, BigDecimal exact) {}

    public record Page<T>(List<T> items, Optional<String> next) {}

    public enum Colour {
        RED,
        GREEN {
            @Override
            public String toString() {
                return "grass";
            }
        },
        BLUE
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
    public sealed interface Shape {}

    public record Circle(double radius) implements Shape {}

    public record Square(double side) implements Shape {}

    public record Bag(
            Map<String, Integer> counts,
            Map<Colour, String> byColour,
            Map<Integer, Set<String>> sets,
            Set<Colour> colours,
            Set<Shape> shapes,
            Map<String, Shape> namedShapes,
            Set<UUID> ids) {}

    public record Anything(Object value) {}

    public record Tree(JsonNode node) {}

    public record Link(List<Link> next) {}

    public record Empty() {}

    public record Checked(String name) {
        public Checked {
            if (name.startsWith("bad")) {
                throw new IllegalArgumentException("refusing " + name);
            }
        }
    }

    /** Has nothing but getters, and one that throws. */
    public static final class Moody {
        private final String secret;

        public Moody(String secret) {
            this.secret = secret;
        }

        public String getMood() {
            if (secret.isEmpty()) {
                return "serene";
            }
            throw new IllegalStateException("no mood for " + secret);
        }
    }

    /** Can be written, but has no constructor to read it with. */
    public static final class WriteOnly {
        public final int answer;

        public WriteOnly(int question, int half) {
            this.answer = question + half;
        }
    }
}
