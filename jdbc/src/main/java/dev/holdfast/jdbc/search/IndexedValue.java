package dev.holdfast.jdbc.search;

import dev.holdfast.check.Limits;
import dev.holdfast.search.JobField;
import dev.holdfast.search.JsonScalar;
import java.util.Locale;

/**
 * A value by which jobs are searched, as it stands in the table {@code job_fields}. Different
 * values may stand there as one, as jobs that the index leads to are checked.
 *
 * @param field {@link #TAG}, {@link #UNINDEXED}, or a path such as {@code payload.customer}
 * @param value the tag, the queue, or the value of the field
 */
record IndexedValue(String field, String value) {
  /** The field of tags, which are indexed in every queue. */
  static final String TAG = "tag";

  /** The field of jobs whose fields are still to be indexed; the value is their queue. */
  static final String UNINDEXED = "unindexed";

  private static final int CHARS_MAX = Limits.NAME_CHARS_MAX;
  private static final String MANY = "many";

  static IndexedValue tag(String tag) {
    return new IndexedValue(TAG, tag);
  }

  /** Returns whether a tag is indexed; those of jobs of former versions can be longer. */
  static boolean isIndexed(String tag) {
    return tag.length() <= CHARS_MAX && tag.indexOf('\0') < 0;
  }

  /** Returns the value of a field: long ones are cut, and what no text can have is replaced. */
  static IndexedValue of(JobField field, JsonScalar scalar) {
    StringBuilder text = new StringBuilder(scalar.kind().name().toLowerCase(Locale.ROOT));
    text.append(':');
    scalar
        .text()
        .codePoints()
        .limit(CHARS_MAX)
        .forEach(point -> text.appendCodePoint(isStorable(point) ? point : '?'));
    return new IndexedValue(field.toString(), text.toString());
  }

  private static boolean isStorable(int point) {
    return point != 0 && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
  }

  /** Returns the value of a field with more values than are indexed. */
  static IndexedValue many(JobField field) {
    return new IndexedValue(field.toString(), MANY);
  }

  static IndexedValue unindexed(String queue) {
    return new IndexedValue(UNINDEXED, queue);
  }
}
