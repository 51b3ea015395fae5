<?php
// usage: php move_plugin.php DOKUWIKI < situations > texts: what the plugin move makes of texts, one JSON value a line
// A situation: {"id": new id of the page, "origin": old id, "pages": [[old, new], …], "media": [[old, new], …], "text"}
define('NOSESSION', true);
$_SERVER['REMOTE_ADDR'] = '127.0.0.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
require $argv[1] . '/inc/init.php';
$conf['useacl'] = 0;

class Rewriter extends helper_plugin_move_rewrite
{
    public $known = [];

    public function getMoveMeta($id)
    {
        return $this->known;
    }
}

plugin_load('helper', 'move_rewrite');
plugin_load('helper', 'move_handler');
$rewriter = new Rewriter();
while (($line = fgets(STDIN)) !== false) {
    $asked = json_decode($line, true);
    $rewriter->known = ['pages' => $asked['pages'], 'media' => $asked['media'], 'origin' => $asked['origin']];
    $GLOBALS['ID'] = $asked['id'];
    echo json_encode($rewriter->rewrite($asked['id'], $asked['text']), JSON_UNESCAPED_UNICODE), "\n";
}
