/**
 * Between the model and the text in the store: JSON, the values of every key, and blocking typed
 * access for those who are no part of the loop. Reading never fails on what others wrote.
 */
package io.matriarch.engine.codec;
