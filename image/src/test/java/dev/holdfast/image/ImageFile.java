package dev.holdfast.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An image in a file, read by the rules of the OCI image layout and with other code than wrote it.
 *
 * @param config its configuration
 * @param layers the number of its layers
 * @param entries the entries of all layers, the lowest first
 */
record ImageFile(JsonNode config, int layers, List<Entry> entries) {
  private static final JsonMapper JSON = new JsonMapper();

  static final ImageFile NONE = new ImageFile(JSON.createObjectNode(), 0, List.of());

  /** A file or folder; the path of a folder ends with a slash. */
  record Entry(String path, int mode, long user, long group, Instant time, ByteBuffer bytes) {
    byte[] content() {
      byte[] content = new byte[bytes.remaining()];
      bytes.duplicate().get(content);
      return content;
    }

    boolean isFolder() {
      return path.endsWith("/");
    }

    String text() {
      return new String(content(), UTF_8);
    }
  }

  static ImageFile read(Path tar) throws IOException {
    Map<String, byte[]> parts = new HashMap<>();
    try (InputStream in = Files.newInputStream(tar)) {
      entries(in).forEach(entry -> parts.put(entry.path(), entry.content()));
    }
    JsonNode layout = JSON.readTree(part(parts, "oci-layout"));
    if (!layout.path("imageLayoutVersion").asString().equals("1.0.0")) {
      throw new IOException("no OCI image layout: " + layout);
    }
    JsonNode index = JSON.readTree(part(parts, "index.json"));
    JsonNode manifest = JSON.readTree(blob(parts, index.at("/manifests/0")));
    List<Entry> entries = new ArrayList<>();
    for (JsonNode layer : manifest.get("layers")) {
      byte[] packed = blob(parts, layer);
      entries.addAll(entries(new GZIPInputStream(new ByteArrayInputStream(packed))));
    }
    JsonNode config = JSON.readTree(blob(parts, manifest.get("config")));
    return new ImageFile(config, manifest.get("layers").size(), entries);
  }

  private static byte[] blob(Map<String, byte[]> parts, JsonNode descriptor) {
    return part(parts, "blobs/" + descriptor.get("digest").asString().replace(':', '/'));
  }

  private static byte[] part(Map<String, byte[]> parts, String name) {
    return requireNonNull(parts.get(name), name);
  }

  private static List<Entry> entries(InputStream in) throws IOException {
    List<Entry> entries = new ArrayList<>();
    TarArchiveInputStream tar = new TarArchiveInputStream(in);
    for (TarArchiveEntry next = tar.getNextEntry(); next != null; next = tar.getNextEntry()) {
      entries.add(
          new Entry(
              next.getName(),
              next.getMode() & 07777,
              next.getLongUserId(),
              next.getLongGroupId(),
              next.getModTime().toInstant(),
              ByteBuffer.wrap(tar.readAllBytes())));
    }
    return entries;
  }

  /** Returns a setting of its containers, as JSON. */
  String setting(String name) {
    return config.path("config").path(name).toString();
  }

  String created() {
    return config.path("created").asString();
  }

  /** Writes its files below a folder, with the modes that matter to an owner. */
  void unpack(Path root) throws IOException {
    for (Entry entry : entries) {
      Path target = root.resolve(entry.path());
      if (entry.isFolder()) {
        Files.createDirectories(target);
      } else {
        Files.createDirectories(target.getParent());
        Files.write(target, entry.content());
        boolean unused = target.toFile().setExecutable((entry.mode() & 0100) != 0);
      }
    }
  }
}
