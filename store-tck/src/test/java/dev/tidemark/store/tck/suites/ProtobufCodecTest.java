package dev.tidemark.store.tck.suites;

import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.tidemark.codec.Codec;
import dev.tidemark.codec.protobuf.ProtobufCodec;
import dev.tidemark.store.tck.CodecTck;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

class ProtobufCodecTest extends CodecTck<Struct> {
    @Override
    protected Codec<Struct> codec() {
        return ProtobufCodec.of(Struct.getDefaultInstance());
    }

    @Override
    protected List<Struct> values() {
        return List.of(struct(0), struct(1), struct(2), struct(50), nested(5), nested(20));
    }

    @Override
    protected List<byte[]> malformed() {
        return List.of(new byte[] {0x0a}, new byte[] {0x0a, 0x7f, 0x01}, new byte[] {(byte) 0xff}, new byte[] {0x07});
    }

    /** The same fields, put in an order that differs from call to call. */
    private static Struct struct(int size) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers);
        Struct.Builder struct = Struct.newBuilder();
        numbers.forEach(number -> struct.putFields(
                "key" + number, Value.newBuilder().setNumberValue(number).build()));
        return struct.build();
    }

    private static Struct nested(int depth) {
        Value value = Value.newBuilder().setStructValue(struct(3)).build();
        for (int i = 0; i < depth; i++) {
            ListValue list = ListValue.newBuilder().addValues(value).build();
            value = Value.newBuilder().setListValue(list).build();
        }
        return Struct.newBuilder().putFields("nested", value).build();
    }
}
