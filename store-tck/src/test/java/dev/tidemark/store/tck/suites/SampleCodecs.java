package dev.tidemark.store.tck.suites;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.json.JsonCodec;
import dev.tidemark.codec.protobuf.ProtobufCodec;
import dev.tidemark.codec.yaml.YamlCodec;
import dev.tidemark.store.tck.Sample;
import java.util.function.Function;

/** The value of the suite in every format. */
final class SampleCodecs {
    static final Codec<Sample> JSON = JsonCodec.of(Sample.class);
    static final Codec<Sample> YAML = YamlCodec.of(Sample.class);
    static final Codec<Sample> PROTOBUF = new Adapted<>(
            ProtobufCodec.of(Struct.getDefaultInstance()), SampleCodecs::toStruct, SampleCodecs::toSample);

    private SampleCodecs() {}

    private record Adapted<V, M>(Codec<M> codec, Function<V, M> toMessage, Function<M, V> toValue) implements Codec<V> {
        @Override
        public byte[] encode(V value) {
            return codec.encode(toMessage.apply(value));
        }

        @Override
        public V decode(byte[] bytes) {
            return toValue.apply(codec.decode(bytes));
        }
    }

    private static Struct toStruct(Sample sample) {
        return Struct.newBuilder()
                .putFields(
                        "number",
                        Value.newBuilder().setNumberValue(sample.number()).build())
                .putFields(
                        "name", Value.newBuilder().setStringValue(sample.name()).build())
                .build();
    }

    private static Sample toSample(Struct struct) {
        return new Sample(struct.getFieldsOrThrow("name").getStringValue(), (int)
                struct.getFieldsOrThrow("number").getNumberValue());
    }
}
