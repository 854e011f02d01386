package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.Session;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Ids as an array in the server's binary format. The driver would send each as a text for the
 * server to parse: twice for every job that is completed.
 */
final class IdArray {
  private static final int HEAD_BYTES = 5 * Integer.BYTES;
  private static final int ID_BYTES = 2 * Long.BYTES;

  private IdArray() {}

  static Array of(Session session, UUID[] ids) {
    Connection connection = session.connection();
    try {
      BaseConnection driver = connection.unwrap(BaseConnection.class);
      return driver.getPreferQueryMode() == PreferQueryMode.SIMPLE // it sends texts only
          ? connection.createArrayOf("uuid", ids)
          : new PgArray(driver, Oid.UUID_ARRAY, bytes(ids));
    } catch (SQLException failure) {
      throw session.meaning(failure);
    }
  }

  /**
   * Encodes the dimensions, no nulls, the element type; for the one dimension its length and first
   * index.
   */
  private static byte[] bytes(UUID[] ids) {
    int size = HEAD_BYTES + ids.length * (Integer.BYTES + ID_BYTES);
    ByteBuffer bytes = ByteBuffer.allocate(size);
    bytes.putInt(1).putInt(0).putInt(Oid.UUID).putInt(ids.length).putInt(1);
    for (UUID id : ids) {
      bytes
          .putInt(ID_BYTES)
          .putLong(id.getMostSignificantBits())
          .putLong(id.getLeastSignificantBits());
    }
    return bytes.array();
  }
}
