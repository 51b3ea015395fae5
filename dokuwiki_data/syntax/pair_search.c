/* The search for markup in a compiled build: a `PairSearch(matches, pairs)` returns what `Pattern.search` returns.
 *
 * It skips places where no markup can begin with the two characters there, and calls `Pattern.match` at the others.
 * `re` knows only the first characters; it tries three times as many places, each with every terminal.
 */
#include "../callable_type.h"

/* For each ASCII character a row of bits: the characters that may follow, and as the last bit all beyond Latin-1. */
#define FIRSTS 128
#define ROW 33
#define BEYOND 256

typedef struct {
    CALLABLE_HEAD
    PyObject *matches[FIRSTS];
    unsigned char pairs[FIRSTS * ROW];
} PairSearch;

static inline int
may_follow(const PairSearch *self, Py_UCS4 first, Py_UCS4 second)
{
    if (second > BEYOND) {
        second = BEYOND;
    }
    return self->pairs[first * ROW + (second >> 3)] >> (second & 7) & 1;
}

/* Return the first place from `at` where markup may begin; the last character may always be markup of its own. */
static inline Py_ssize_t
next_place(const PairSearch *self, int kind, const void *read, Py_ssize_t at, Py_ssize_t end)
{
    for (; at < end; at++) {
        Py_UCS4 first = PyUnicode_READ(kind, read, at);
        if (first < FIRSTS && self->matches[first] != NULL &&
            (at + 1 == end || may_follow(self, first, PyUnicode_READ(kind, read, at + 1)))) {
            return at;
        }
    }
    return end;
}

static PyObject *
search(PyObject *callable, PyObject *const *values, size_t nargsf, PyObject *keywords)
{
    PairSearch *self = (PairSearch *)callable;
    Py_ssize_t number = PyVectorcall_NARGS(nargsf);
    if (number < 1 || number > 3 || (keywords != NULL && PyTuple_GET_SIZE(keywords) > 0) ||
        !PyUnicode_Check(values[0])) {
        PyErr_SetString(PyExc_TypeError, "a search takes a text, a start and an end");
        return NULL;
    }
    PyObject *text = values[0];
    Py_ssize_t at = number > 1 ? PyNumber_AsSsize_t(values[1], PyExc_OverflowError) : 0;
    if (at < 0) {
        if (PyErr_Occurred()) {
            return NULL;
        }
        at = 0;
    }
    Py_ssize_t end = PyUnicode_GET_LENGTH(text);
    PyObject *arguments[4] = {NULL, text, NULL, number > 2 ? values[2] : NULL};
    if (number > 2) {
        Py_ssize_t stop = PyNumber_AsSsize_t(values[2], PyExc_OverflowError);
        if (stop == -1 && PyErr_Occurred()) {
            return NULL;
        }
        end = stop < end ? stop : end;
    }
    int kind = PyUnicode_KIND(text);
    const void *read = PyUnicode_DATA(text);
    for (;; at++) {
        at = kind == PyUnicode_1BYTE_KIND   ? next_place(self, PyUnicode_1BYTE_KIND, read, at, end)
             : kind == PyUnicode_2BYTE_KIND ? next_place(self, PyUnicode_2BYTE_KIND, read, at, end)
                                            : next_place(self, PyUnicode_4BYTE_KIND, read, at, end);
        if (at >= end) {
            Py_RETURN_NONE;
        }
        arguments[2] = PyLong_FromSsize_t(at);
        if (arguments[2] == NULL) {
            return NULL;
        }
        size_t given = (number > 2 ? 3 : 2) | PY_VECTORCALL_ARGUMENTS_OFFSET;
        PyObject *found = PyObject_Vectorcall(self->matches[PyUnicode_READ(kind, read, at)], arguments + 1, given, NULL);
        Py_DECREF(arguments[2]);
        if (found != Py_None) {
            return found;
        }
        Py_DECREF(found);
    }
}

static PyObject *
search_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *matches;
    const char *pairs;
    Py_ssize_t size;
    if (!PyArg_ParseTuple(args, "O!y#:PairSearch", &PyDict_Type, &matches, &pairs, &size)) {
        return NULL;
    }
    if (size != FIRSTS * ROW) {
        PyErr_Format(PyExc_ValueError, "the pairs need %d bytes, not %zd", FIRSTS * ROW, size);
        return NULL;
    }
    PairSearch *self = (PairSearch *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->vectorcall = search;
    memcpy(self->pairs, pairs, FIRSTS * ROW);
    PyObject *character, *match;
    Py_ssize_t next = 0;
    while (PyDict_Next(matches, &next, &character, &match)) {
        Py_UCS4 first = FIRSTS;
        if (PyUnicode_Check(character) && PyUnicode_GET_LENGTH(character) == 1) {
            first = PyUnicode_READ_CHAR(character, 0);
        }
        if (first >= FIRSTS) {
            PyErr_Format(PyExc_ValueError, "%R is no ASCII character", character);
            Py_DECREF(self);
            return NULL;
        }
        self->matches[first] = Py_NewRef(match);
    }
    return (PyObject *)self;
}

static int
search_traverse(PairSearch *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    for (int first = 0; first < FIRSTS; first++) {
        Py_VISIT(self->matches[first]);
    }
    return 0;
}

static int
search_clear(PairSearch *self)
{
    for (int first = 0; first < FIRSTS; first++) {
        Py_CLEAR(self->matches[first]);
    }
    return 0;
}

CALLABLE_MODULE("dokuwiki_data.syntax.pair_search", pair_search, PairSearch,
                "Search for an expression where two characters can begin it: PairSearch(matches, pairs).",
                search_new, search_traverse, search_clear)
