/* The constructor of nodes in a compiled build: `NodeMaker(cls, slots, distances)` makes nodes for the parser.
 *
 * It is what `Node.at` is there: it takes the source, the start, and a value for each further slot, and stores them
 * where the slots are, without a call for each. A value whose distance is stored is an offset; the start is subtracted.
 * The constructor that base.py generates does the same in three times the time.
 */
#include "../callable_type.h"

#define MOST_SLOTS 32
#define START 1

typedef struct {
    CALLABLE_HEAD
    PyTypeObject *made;
    Py_ssize_t number;
    Py_ssize_t offsets[MOST_SLOTS];
    char distances[MOST_SLOTS];
} NodeMaker;

static PyObject *
make(PyObject *callable, PyObject *const *values, size_t nargsf, PyObject *keywords)
{
    NodeMaker *self = (NodeMaker *)callable;
    Py_ssize_t number = PyVectorcall_NARGS(nargsf);
    if (number != self->number || (keywords != NULL && PyTuple_GET_SIZE(keywords) > 0)) {
        PyErr_Format(PyExc_TypeError, "%s.at() takes %zd positional arguments but %zd were given",
                     self->made->tp_name, self->number, number);
        return NULL;
    }
    PyObject *node = self->made->tp_alloc(self->made, 0);
    if (node == NULL) {
        return NULL;
    }
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *value = values[at];
        if (self->distances[at]) {
            value = PyNumber_Subtract(value, values[START]);
            if (value == NULL) {
                Py_DECREF(node);
                return NULL;
            }
        } else {
            Py_INCREF(value);
        }
        *(PyObject **)((char *)node + self->offsets[at]) = value;
    }
    return node;
}

static PyObject *
maker_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyTypeObject *made;
    PyObject *slots, *distances;
    if (!PyArg_ParseTuple(args, "O!O!O!:NodeMaker", &PyType_Type, &made, &PyTuple_Type, &slots, &PyTuple_Type,
                          &distances)) {
        return NULL;
    }
    Py_ssize_t number = PyTuple_GET_SIZE(slots);
    if (number <= START || number > MOST_SLOTS || PyTuple_GET_SIZE(distances) != number) {
        PyErr_SetString(PyExc_ValueError, "a node needs a distance for each slot, and has between 2 and 32 of them");
        return NULL;
    }
    NodeMaker *self = (NodeMaker *)type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    self->vectorcall = make;
    self->number = number;
    for (Py_ssize_t at = 0; at < number; at++) {
        PyObject *slot = PyTuple_GET_ITEM(slots, at);
        if (!Py_IS_TYPE(slot, &PyMemberDescr_Type) || ((PyMemberDescrObject *)slot)->d_member->type != T_OBJECT_EX ||
            !PyType_IsSubtype(made, PyDescr_TYPE(slot))) {
            PyErr_Format(PyExc_TypeError, "%R is no slot of %s", slot, made->tp_name);
            Py_DECREF(self);
            return NULL;
        }
        int distance = PyObject_IsTrue(PyTuple_GET_ITEM(distances, at));
        if (distance < 0) {
            Py_DECREF(self);
            return NULL;
        }
        self->offsets[at] = ((PyMemberDescrObject *)slot)->d_member->offset;
        self->distances[at] = (char)distance;
    }
    Py_INCREF(made);
    self->made = made;
    return (PyObject *)self;
}

static int
maker_traverse(NodeMaker *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->made);
    return 0;
}

static int
maker_clear(NodeMaker *self)
{
    Py_CLEAR(self->made);
    return 0;
}

CALLABLE_MODULE("dokuwiki_data.nodes.maker", maker, NodeMaker,
                "Make nodes of a class: NodeMaker(cls, slots, distances).",
                maker_new, maker_traverse, maker_clear)
