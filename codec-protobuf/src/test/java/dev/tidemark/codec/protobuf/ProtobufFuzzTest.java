package dev.tidemark.codec.protobuf;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.tidemark.codec.samples.Fuzz;
import org.junit.jupiter.api.Test;

class ProtobufFuzzTest {
    private static final String[] WORDS = {
        "\n\u0000",
        "\u0012\u0002\n\u0000",
        "\u000b",
        "\u000c",
        "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u0001",
        "\u0000",
        "\u007f\u007f\u007f\u007f\u0007",
        "k1",
        "\ud83d\ude00",
        "\u001a\u0004true"
    };

    @Test
    void everyInputIsAValueOrRefused() throws Exception {
        Struct struct = Struct.newBuilder()
                .putFields("k1", Value.newBuilder().setNumberValue(1.5).build())
                .putFields("k2", Value.newBuilder().setStringValue("some text").build())
                .putFields("k3", Value.newBuilder().setBoolValue(true).build())
                .build();
        Value nested = Value.newBuilder()
                .setStructValue(struct.toBuilder()
                        .putFields(
                                "k4", Value.newBuilder().setStructValue(struct).build()))
                .build();
        DynamicMessage dynamic = DynamicMessage.newBuilder(Value.getDescriptor())
                .mergeFrom(DynamicMessage.newBuilder(nested).build())
                .build();
        new Fuzz(20260303, WORDS)
                .target(ProtobufCodec.of(Struct.getDefaultInstance()), struct)
                .target(ProtobufCodec.of(Value.getDefaultInstance()), nested)
                .target(ProtobufCodec.of(DynamicMessage.getDefaultInstance(Value.getDescriptor())), dynamic)
                .target(ProtobufCodec.of(StringValue.getDefaultInstance()), StringValue.of("text"))
                .target(
                        ProtobufCodec.of(Timestamp.getDefaultInstance()),
                        Timestamp.newBuilder().setSeconds(1L << 40).setNanos(5).build())
                .target(
                        ProtobufCodec.of(DescriptorProto.getDefaultInstance()),
                        Struct.getDescriptor().toProto())
                .run(100_000);
    }
}
