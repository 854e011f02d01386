/** The programs that use Holdfast and are killed: producers and workers. */
@NullMarked
package dev.holdfast.torture.actors;

import org.jspecify.annotations.NullMarked;
