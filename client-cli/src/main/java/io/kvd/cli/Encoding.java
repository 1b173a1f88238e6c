package io.kvd.cli;

import io.kvd.core.base.Bytes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** How keys and values are written on the command line and in the output. */
enum Encoding {
    /** As they are: UTF-8 on the command line, raw bytes in the output. */
    PLAIN,
    HEX,
    BASE64;

    /** @throws Failure the text is not of this encoding */
    Bytes decode(String text) {
        try {
            return switch (this) {
                case PLAIN -> Bytes.utf8(text);
                case HEX -> Bytes.of(parseHex(text));
                case BASE64 -> Bytes.of(Base64.getDecoder().decode(text));
            };
        } catch (IllegalArgumentException e) {
            throw Failure.usage("not " + (this == HEX ? "hexadecimal: " : "base64: ") + text);
        }
    }

    /** As the user asked for them to be shown. */
    byte[] encode(Bytes bytes) {
        return switch (this) {
            case PLAIN -> bytes.toArray();
            case HEX -> bytes.toHex().getBytes(StandardCharsets.US_ASCII);
            case BASE64 -> Base64.getEncoder().encode(bytes.toArray());
        };
    }

    /** For people: one line, and nothing that a terminal obeys. */
    String show(Bytes bytes) {
        if (this != PLAIN) {
            return new String(encode(bytes), StandardCharsets.US_ASCII);
        }
        if (!isText(bytes)) {
            return bytes.toString();
        }
        String text = bytes.toUtf8();
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> shown.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
        return shown.toString();
    }

    /**
     * A field, and one more that names its encoding if that is not plain text: {@code "value":"…"}, or
     * {@code "value":"…","valueEncoding":"base64"}.
     */
    void writeField(Json json, String name, Bytes bytes) {
        Encoding used = this == PLAIN && !isText(bytes) ? BASE64 : this;
        if (used == PLAIN) {
            json.field(name, bytes.toUtf8());
        } else {
            json.field(name, new String(used.encode(bytes), StandardCharsets.US_ASCII));
            json.field(name + "Encoding", used == HEX ? "hex" : "base64");
        }
    }

    private static boolean isText(Bytes bytes) {
        boolean ascii = true;
        for (int i = 0; i < bytes.length() && ascii; i++) {
            ascii = bytes.byteAt(i) >= 0;
        }
        if (ascii) {
            return true;
        }
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length()));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static byte[] parseHex(String text) {
        if (text.length() % 2 != 0) {
            throw new IllegalArgumentException("an odd number of digits");
        }
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(text.charAt(2 * i), 16);
            int low = Character.digit(text.charAt(2 * i + 1), 16);
            if (high < 0 || low < 0) {
                throw new IllegalArgumentException("not a digit");
            }
            bytes[i] = (byte) (high << 4 | low);
        }
        return bytes;
    }
}
