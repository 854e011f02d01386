/**
 * The wire forms of answers: one record for each, whose components are the fields in their order.
 * The server writes a record, the client reads the same, and {@code --json} prints it. Their names
 * on the wire are those of the components in snake_case. Only this package is bound by Jackson.
 *
 * <p>A component of type {@code Optional} is written as null if it is empty, and may be null or
 * missing when it is read, as older servers do not know it. All other components are required.
 * Fields that a record does not know are ignored, as newer servers have more.
 *
 * <p>The method {@code of} of each record converts a value of the engine to its form; its other
 * methods convert back.
 */
@NullMarked
package dev.holdfast.http.wire;

import org.jspecify.annotations.NullMarked;
