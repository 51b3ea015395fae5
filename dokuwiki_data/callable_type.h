/* What the modules in C share: each has one type, whose objects are called, and is made with these definitions. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <structmember.h>

/* The start of an object of such a type: what is called is in a slot of each object. */
#define CALLABLE_HEAD \
    PyObject_HEAD     \
    vectorcallfunc vectorcall;

static void
callable_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    type->tp_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

/* Define the type and its module: the path of the module, its last part, the name of the type, what it does, and its
 * functions `tp_new`, `tp_traverse` and `tp_clear`. */
#define CALLABLE_MODULE(PATH, MODULE, TYPE, DOC, NEW, TRAVERSE, CLEAR)                             \
    static PyMemberDef members[] = {                                                               \
        {"__vectorcalloffset__", T_PYSSIZET, offsetof(TYPE, vectorcall), READONLY, NULL},          \
        {NULL, 0, 0, 0, NULL},                                                                     \
    };                                                                                             \
    static PyType_Slot slots[] = {                                                                 \
        {Py_tp_doc, (void *)DOC},                                                                  \
        {Py_tp_new, NEW},                                                                          \
        {Py_tp_call, PyVectorcall_Call},                                                           \
        {Py_tp_dealloc, callable_dealloc},                                                         \
        {Py_tp_traverse, TRAVERSE},                                                                \
        {Py_tp_clear, CLEAR},                                                                      \
        {Py_tp_members, members},                                                                  \
        {0, NULL},                                                                                 \
    };                                                                                             \
    static PyType_Spec spec = {                                                                    \
        .name = PATH "." #TYPE,                                                                    \
        .basicsize = sizeof(TYPE),                                                                 \
        .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL,             \
        .slots = slots,                                                                            \
    };                                                                                             \
    static int                                                                                     \
    module_exec(PyObject *module)                                                                  \
    {                                                                                              \
        PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);                            \
        if (type == NULL) {                                                                        \
            return -1;                                                                             \
        }                                                                                          \
        int result = PyModule_AddObjectRef(module, #TYPE, type);                                   \
        Py_DECREF(type);                                                                           \
        return result;                                                                             \
    }                                                                                              \
    static PyModuleDef_Slot module_slots[] = {                                                     \
        {Py_mod_exec, module_exec},                                                                \
        {0, NULL},                                                                                 \
    };                                                                                             \
    static struct PyModuleDef module = {                                                           \
        PyModuleDef_HEAD_INIT,                                                                     \
        .m_name = PATH,                                                                            \
        .m_doc = DOC,                                                                              \
        .m_slots = module_slots,                                                                   \
    };                                                                                             \
    PyMODINIT_FUNC                                                                                 \
    PyInit_##MODULE(void)                                                                          \
    {                                                                                              \
        return PyModuleDef_Init(&module);                                                          \
    }
