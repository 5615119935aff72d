package dev.tidemark.codec.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.UninterpretedOption;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.CodecException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ProtobufCodecTest {
    private static final Codec<Struct> STRUCTS = ProtobufCodec.of(Struct.getDefaultInstance());
    private static final Codec<Value> VALUES = ProtobufCodec.of(Value.getDefaultInstance());
    private static final Codec<DynamicMessage> DYNAMIC =
            ProtobufCodec.of(DynamicMessage.getDefaultInstance(Struct.getDescriptor()));

    private final Random random = new Random(11);

    @Test
    void roundTrips() {
        Timestamp time =
                Timestamp.newBuilder().setSeconds(1).setNanos(999_999_999).build();
        Codec<Timestamp> codec = ProtobufCodec.of(Timestamp.getDefaultInstance());
        assertThat(codec.encode(time)).isEqualTo(time.toByteArray());
        assertThat(codec.decode(codec.encode(time))).isEqualTo(time);
        assertThat(codec.mediaType()).isEqualTo("application/protobuf");
        DescriptorProto descriptor = Struct.getDescriptor().toProto();
        Codec<DescriptorProto> descriptors = ProtobufCodec.of(DescriptorProto.getDefaultInstance());
        assertThat(descriptors.decode(descriptors.encode(descriptor))).isEqualTo(descriptor);
    }

    @Test
    void anEmptyMessageIsAValue() {
        assertThat(STRUCTS.encode(Struct.getDefaultInstance())).isEmpty();
        assertThat(STRUCTS.decode(new byte[0])).isEqualTo(Struct.getDefaultInstance());
    }

    @Test
    void numbersAreExact() {
        Codec<DoubleValue> codec = ProtobufCodec.of(DoubleValue.getDefaultInstance());
        for (double d : new double[] {0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE}) {
            assertThat(codec.decode(codec.encode(DoubleValue.of(d)))).isEqualTo(DoubleValue.of(d));
        }
    }

    @Test
    void equalMessagesGiveEqualBytes() {
        byte[] expected = STRUCTS.encode(struct(keys(50)));
        for (int i = 0; i < 100; i++) {
            Struct other = struct(shuffled(50));
            assertThat(other).isEqualTo(struct(keys(50)));
            assertThat(STRUCTS.encode(other)).isEqualTo(expected);
        }
    }

    @Test
    void equalDynamicMessagesGiveEqualBytes() throws Exception {
        byte[] expected = DYNAMIC.encode(dynamic(keys(20)));
        assertThat(STRUCTS.decode(expected)).isEqualTo(struct(keys(20)));
        for (int i = 0; i < 100; i++) {
            DynamicMessage other = dynamic(shuffled(20));
            assertThat(other).isEqualTo(dynamic(keys(20)));
            assertThat(DYNAMIC.encode(other)).isEqualTo(expected);
        }
        // A key twice, and one left out because it is the default.
        byte[] twice = dynamic(List.of("a", "")).toByteArray();
        twice = concat(twice, twice);
        byte[] noKey = concat(dynamic(List.of("a")).toByteArray(), new byte[] {10, 2, 18, 0});
        DynamicMessage one = DynamicMessage.parseFrom(Struct.getDescriptor(), twice);
        assertThat(DYNAMIC.encode(one)).isEqualTo(DYNAMIC.encode(dynamic(List.of("", "a"))));
        DynamicMessage two = DynamicMessage.parseFrom(Struct.getDescriptor(), noKey);
        assertThat(STRUCTS.decode(DYNAMIC.encode(two)).getFieldsMap()).containsKeys("", "a");
    }

    private static List<String> keys(int count) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add("k" + i);
        }
        return keys;
    }

    private List<String> shuffled(int count) {
        List<String> keys = keys(count);
        Collections.shuffle(keys, random);
        return keys;
    }

    private static Struct struct(List<String> keys) {
        Struct.Builder outer = Struct.newBuilder();
        Struct.Builder inner = Struct.newBuilder();
        for (String key : keys) {
            inner.putFields(key, Value.newBuilder().setStringValue("of " + key).build());
        }
        for (String key : keys) {
            outer.putFields(key, Value.newBuilder().setStructValue(inner).build());
        }
        return outer.build();
    }

    /** Parsing the entries one by one keeps their order in a dynamic message. */
    private static DynamicMessage dynamic(List<String> keys) throws Exception {
        byte[] bytes = new byte[0];
        for (String key : keys) {
            Value value = Value.newBuilder().setStringValue("of " + key).build();
            bytes = concat(
                    bytes, Struct.newBuilder().putFields(key, value).build().toByteArray());
        }
        byte[] nested = new byte[0];
        for (String key : keys) {
            Value value =
                    Value.newBuilder().setStructValue(Struct.parseFrom(bytes)).build();
            nested = concat(
                    nested, Struct.newBuilder().putFields(key, value).build().toByteArray());
        }
        return DynamicMessage.parseFrom(Struct.getDescriptor(), nested);
    }

    private static byte[] concat(byte[] one, byte[] two) {
        return ByteString.copyFrom(one).concat(ByteString.copyFrom(two)).toByteArray();
    }

    @Test
    void unknownFieldsAreKept() {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
                .build();
        Timestamp newer =
                Timestamp.newBuilder().setSeconds(1).setUnknownFields(unknown).build();
        Codec<Timestamp> codec = ProtobufCodec.of(Timestamp.getDefaultInstance());
        Timestamp decoded = codec.decode(newer.toByteArray());
        assertThat(decoded.getSeconds()).isEqualTo(1);
        assertThat(codec.encode(decoded)).isEqualTo(newer.toByteArray());
    }

    @Test
    void malformedBytesAreRefused() {
        byte[] good = STRUCTS.encode(struct(keys(3)));
        for (int length = 1; length < 10; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> STRUCTS.decode(cut))
                    .isInstanceOf(CodecException.class)
                    .hasMessageStartingWith("Can't decode google.protobuf.Struct from Protobuf: ");
        }
        byte[] notUtf8 = {10, 1, (byte) 0xff};
        assertThatThrownBy(
                        () -> ProtobufCodec.of(StringValue.getDefaultInstance()).decode(notUtf8))
                .isInstanceOf(CodecException.class);
        byte[] lengthBomb = {10, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7};
        assertThatThrownBy(() -> STRUCTS.decode(lengthBomb)).isInstanceOf(CodecException.class);
        byte[] groups = "\u000b".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> STRUCTS.decode(groups)).isInstanceOf(CodecException.class);
    }

    @Test
    void whatCanNotBeReadIsNotWritten() {
        assertThat(VALUES.decode(VALUES.encode(nested(45)))).isEqualTo(nested(45));
        assertThatThrownBy(() -> VALUES.encode(nested(55)))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("too many levels of nesting");
        assertThatThrownBy(() ->
                        ProtobufCodec.of(StringValue.getDefaultInstance()).encode(StringValue.of("hunter2 \ud800")))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("unpaired surrogates")
                .hasMessageNotContaining("hunter2");
        UninterpretedOption.NamePart incomplete =
                UninterpretedOption.NamePart.newBuilder().setNamePart("hunter2").buildPartial();
        assertThatThrownBy(() -> ProtobufCodec.of(UninterpretedOption.NamePart.getDefaultInstance())
                        .encode(incomplete))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("missing required fields: is_extension")
                .hasMessageNotContaining("hunter2");
    }

    private static Value nested(int depth) {
        Value nested = Value.newBuilder().setBoolValue(true).build();
        for (int i = 0; i < depth; i++) {
            nested = Value.newBuilder()
                    .setListValue(ListValue.newBuilder().addValues(nested))
                    .build();
        }
        return nested;
    }

    @Test
    void refusesNull() {
        assertThatThrownBy(() -> STRUCTS.encode(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> STRUCTS.decode(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void codecsAreThreadSafe() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            Callable<Boolean> work = () -> {
                for (int i = 1; i < 200; i++) {
                    Struct value = struct(keys(i % 10));
                    assertThat(STRUCTS.decode(STRUCTS.encode(value))).isEqualTo(value);
                }
                return true;
            };
            for (Future<Boolean> done : pool.invokeAll(Collections.nCopies(8, work))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
