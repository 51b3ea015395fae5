<?php
// Shows wikitext as MediaWiki's parser does. Standard input: lines of JSON with a title and a text; standard output:
// the HTML of each, as lines of JSON. The environment variable MW_INSTALL_PATH names the folder of MediaWiki.
require_once getenv( 'MW_INSTALL_PATH' ) . '/maintenance/Maintenance.php';

class ShowPages extends Maintenance {
	public function execute() {
		$parser = MediaWiki\MediaWikiServices::getInstance()->getParserFactory()->create();
		$options = ParserOptions::newFromAnon();
		$shown = [ 'allowTOC' => false, 'enableSectionEditLinks' => false ];
		foreach ( explode( "\n", trim( stream_get_contents( STDIN ) ) ) as $line ) {
			$page = json_decode( $line );
			$output = $parser->parse( $page->text, Title::newFromText( $page->title ), $options );
			print json_encode( $output->getText( $shown ), JSON_INVALID_UTF8_SUBSTITUTE ) . "\n";
		}
	}
}

$maintClass = ShowPages::class;
require_once RUN_MAINTENANCE_IF_MAIN;
